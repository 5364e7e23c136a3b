// Writes the answers of `matcher query`, and reports the queries that were lost.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "flags/flags.hpp"
#include "matcher/files/file.hpp"
#include "matcher/pipeline/query.hpp"

namespace matcher::app {

/// Writes a line of JSON per query, lost ones too, as soon as the answers come. A file appears at the end, complete.
class AnswerLines : public pipeline::AnswerSink {
 public:
  /// `warn` is called with what is known before the first answer.
  AnswerLines(const OutputFlags& flags, std::function<void(const report::Answers&)> warn);
  void begin(const report::Answers& about) override;
  /// Throws Error(resource) if stdout or the file cannot be written.
  void take(std::vector<report::QueryAnswers> some) override;
  /// Ends the file; returns the exit code.
  int finish();

 private:
  const OutputFlags& flags_;
  std::function<void(const report::Answers&)> warn_;
  std::unique_ptr<AtomicFile> file_;  ///< null: stdout
  report::Answers about_;
  bool lost_ = false;
};

/// Reports the lost queries on stderr: as messages, or with --format json as a JSON line each. Returns the exit code.
int report_lost(Session& session, const report::Answers& answers, report::Format format);

/// False for a table of its header alone: no query could be read. JSON has the reasons.
bool has_content(const report::Answers& answers, report::Format format);

}  // namespace matcher::app
