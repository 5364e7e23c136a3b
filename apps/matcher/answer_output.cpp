#include "answer_output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "matcher/core/error.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/report/command_error.hpp"
#include "matcher/report/json.hpp"
#include "streams/streams.hpp"

namespace matcher::app {
namespace {

/// The next step for an unreadable query; empty if the second sentence of the reason says it.
std::string next_step(const report::QueryAnswers& query) {
  if (query.error.find(". ") != std::string::npos) return "";
  if (query.error.starts_with("the box ")) return ". Correct the box";
  if (query.query == "-") return ". Send the bytes of one complete image";
  return is_file(query.query) ? ". Use a complete image file" : ". Correct the path";
}

/// "cannot open "a.jpg": No such file or directory", or "no answers for "a.jpg": not an image, but text".
std::string describe_failure(const report::QueryAnswers& query) {
  const std::string unread = "cannot be read: ";
  if (query.error.starts_with(unread))
    return fmt::format("cannot open \"{}\": {}", query.query, query.error.substr(unread.size()));
  return fmt::format("no answers for \"{}\": {}", query.query, query.error);
}

}  // namespace

AnswerLines::AnswerLines(const OutputFlags& flags, std::function<void(const report::Answers&)> warn)
    : flags_(flags), warn_(std::move(warn)) {
  if (flags.file != "-") file_ = std::make_unique<AtomicFile>(flags.file);
}

void AnswerLines::begin(const report::Answers& about) {
  about_ = about;
  warn_(about);
}

void AnswerLines::take(std::vector<report::QueryAnswers> some) {
  std::string lines;
  for (const auto& query : some) {
    lines += report::to_json_line(query, about_) + '\n';
    lost_ = lost_ || !query.error.empty();
  }
  if (file_)
    file_->write(lines);
  else
    write_output(flags_, lines);
}

int AnswerLines::finish() {
  if (file_) file_->commit();
  return lost_ ? int(ErrorCode::input) : 0;
}

int report_lost(Session& session, const report::Answers& answers, report::Format format) {
  int code = 0;
  for (const auto& query : answers.queries) {
    if (query.error.empty()) continue;
    code = int(ErrorCode::input);
    const auto message = describe_failure(query) + next_step(query);
    if (format == report::Format::json)
      write_error(report::to_json_line({ErrorCode::input, message}));
    else
      session.terminal.log(LogLevel::error, message);
  }
  return code;
}

bool has_content(const report::Answers& answers, report::Format format) {
  return format >= report::Format::json ||
         std::ranges::any_of(answers.queries, [](const auto& query) { return query.error.empty(); });
}

}  // namespace matcher::app
