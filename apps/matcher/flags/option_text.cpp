#include "flags/option_text.hpp"

#include <fmt/format.h>

#include <sstream>

namespace matcher::app {
namespace {

/// The type that CLI11 names: "TEXT", "UINT", "cosine|margin".
std::string type_of(const CLI::Option& option) {
  const auto type = option.get_type_name();
  return type.substr(type.rfind(':') + 1);
}

}  // namespace

std::string value_name(const CLI::Option& option) {
  if (option.get_type_size() == 0) return "";
  auto type = type_of(option);
  if (type == "UINT" || type == "INT") type = "N";
  if (type == "FLOAT") type = "X";
  if (option.get_delimiter() != '\0') return ' ' + type + ",...";
  return ' ' + type + (option.get_expected_max() > 1 ? "..." : "");
}

std::string explanation(const CLI::Option& option) {
  auto text = option.get_description();
  const auto value = option.get_default_str();
  if (option.get_required()) text += " (required)";
  if (!value.empty() && value != "[]" && text.find("default:") == std::string::npos)
    text += fmt::format(" (default: {})", value);
  return text;
}

std::string positional_name(const CLI::Option& option) {
  return option.get_name(true) + (option.get_expected_max() > 1 ? "..." : "");
}

std::string usage_of(const CLI::App& app) {
  std::string line = app.get_subcommands({}).empty() ? " [OPTIONS]" : " COMMAND [OPTIONS]";
  for (const auto* option : arguments_of(app))
    line += option->get_required() ? ' ' + positional_name(*option) : fmt::format(" [{}]", positional_name(*option));
  return line;
}

std::vector<const CLI::Option*> arguments_of(const CLI::App& app) {
  return app.get_options([](const CLI::Option* option) { return option->get_positional(); });
}

std::vector<const CLI::Option*> flags_under(const CLI::App& app, const std::string& heading) {
  return app.get_options(
      [&](const CLI::Option* option) { return option->get_group() == heading && !option->get_positional(); });
}

std::vector<const CLI::App*> commands_of(const CLI::App& program) {
  return program.get_subcommands([](const CLI::App*) { return true; });
}

std::vector<std::string> choices_of(const CLI::Option& option) {
  const auto type = type_of(option);
  if (type.find('|') == std::string::npos) return {};
  std::vector<std::string> names;
  std::istringstream all(type);
  for (std::string name; std::getline(all, name, '|');) names.push_back(name);
  return names;
}

}  // namespace matcher::app
