#include "help.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "flags/option_text.hpp"
#include "streams/streams.hpp"

namespace matcher::app {
namespace {

constexpr std::size_t text_column = 30;

std::size_t help_width() {
  const auto width = terminal_width(STDOUT_FILENO);
  return width == 0 ? 80 : std::min<std::size_t>(width, 120);
}

/// Appends words to a line, and begins a new one before the width is passed.
class Wrapped {
 public:
  /// `line` is the start of the first line; later ones are indented. `end` marks a line that goes on.
  Wrapped(std::string line, std::size_t indent, std::size_t width, std::string end = "")
      : line_(std::move(line)), indent_(indent), width_(width), end_(std::move(end)) {}

  Wrapped& add(const std::string& text) {
    std::istringstream words(text);
    for (std::string word; words >> word;) add_word(word);
    return *this;
  }

  std::string str() const { return out_ + line_ + '\n'; }

 private:
  void add_word(const std::string& word) {
    const bool is_start = line_.find_first_not_of(' ') == std::string::npos || line_.ends_with("  ");
    if (!is_start && line_.size() + 1 + word.size() + end_.size() > width_) {
      out_ += line_ + end_ + '\n';
      line_ = std::string(indent_, ' ') + word;
    } else {
      line_ += (is_start ? "" : " ") + word;
    }
  }

  std::string out_, line_;
  std::size_t indent_, width_;
  std::string end_;
};

/// "--top-k N" and its explanation, beside or below.
std::string row(const std::string& name, const std::string& text, std::size_t width) {
  auto start = "  " + name;
  std::string out;
  if (start.size() + 2 > text_column) {
    out = start + '\n';
    start.clear();
  }
  start.resize(text_column, ' ');
  return out + Wrapped(start, text_column, width).add(text).str();
}

using Options = std::vector<const CLI::Option*>;

std::string group_of_rows(const std::string& heading, const Options& options, std::size_t width) {
  if (options.empty()) return "";
  auto out = fmt::format("\n{}:\n", heading);
  for (const auto* option : options) {
    const auto name = option->get_positional() ? positional_name(*option) : option->get_name(false, true);
    out += row(name + (option->get_positional() ? "" : value_name(*option)), explanation(*option), width);
  }
  return out;
}

std::string flags(const CLI::App& app, std::size_t width) {
  std::string out;
  for (const auto* heading : flag_groups) out += group_of_rows(heading, flags_under(app, heading), width);
  return app.get_parent() == nullptr ? out + group_of_rows("Options", flags_under(app, "Options"), width) : out;
}

std::string commands(const CLI::App& app, std::size_t width) {
  const auto all = commands_of(app);
  std::string out = all.empty() ? "" : "\nSubcommands:\n";
  for (const auto* command : all) out += row(command->get_name(), command->get_description(), width);
  return out;
}

/// The flags of all commands, by name only.
std::string common_flags(const CLI::App& app, std::size_t width) {
  if (app.get_parent() == nullptr) return "";
  std::vector<std::string> names;
  for (const auto* option : app.get_parent()->get_options()) names.push_back(option->get_name(false, true));
  return '\n' + Wrapped("", 0, width).add(fmt::format("Also {}; see matcher --help", fmt::join(names, ", "))).str();
}

/// Examples can be copied as they are wrapped.
std::string footer(const CLI::App& app, std::size_t width) {
  std::istringstream lines(app.get_footer());
  std::string out;
  for (std::string line; std::getline(lines, line);) {
    const auto indent = std::min(line.find_first_not_of(' '), line.size());
    const bool is_command = line.find("matcher ") == indent && indent > 0;
    out += line.size() <= width
               ? line + '\n'
               : Wrapped(std::string(indent, ' '), indent + (is_command ? 4 : 0), width, is_command ? " \\" : "")
                     .add(line)
                     .str();
  }
  return out;
}

class HelpFormatter : public CLI::FormatterBase {
 public:
  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode) const override {
    const auto width = help_width();
    return Wrapped("", 0, width).add(app->get_description()).str() + "\nUsage: " + name + usage_of(*app) + '\n' +
           group_of_rows("Arguments", arguments_of(*app), width) + flags(*app, width) + commands(*app, width) +
           common_flags(*app, width) + footer(*app, width);
  }
};

}  // namespace

std::shared_ptr<CLI::FormatterBase> make_help_formatter() { return std::make_shared<HelpFormatter>(); }

}  // namespace matcher::app
