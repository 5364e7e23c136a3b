#include "matcher/pipeline/search/stored_runs.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/pipeline/context.hpp"
#include "matcher/process/parallel.hpp"
#include "matcher/run/run_folder.hpp"

namespace matcher::pipeline {

namespace fs = std::filesystem;

run::Run read_first_answers(const fs::path& folder, const Columns& columns) {
  return run::RunFolder::open_own(folder).read(run::Answers::first, columns);
}

run::Run read_any_answers(const fs::path& folder, Observer& observer, const Columns& columns) {
  if (!run::RunFolder::is_foreign(folder)) return read_first_answers(folder, columns);
  auto run = run::RunFolder::open(folder).read(run::Answers::first);
  warn_of_files(observer, run);
  return run;
}

void warn_of_files(Observer& observer, const run::Run& run) {
  for (const auto& warning : run.warnings) observer.log(LogLevel::warning, warning);
  const auto silent = std::ranges::count_if(run.queries, [](const auto& q) { return q.known() && q.answers.empty(); });
  if (silent == 0) return;
  observer.log(LogLevel::warning, fmt::format("{} of the {} queries of \"{}\" have no answers and count as wrong",
                                              silent, run.queries.size(), run.folder.string()));
}

std::vector<run::Run> read_first_answers(const std::vector<fs::path>& folders, const Columns& columns) {
  std::vector<run::Run> runs(folders.size());
  in_parallel(runs.size(), std::size_t(thread_count(0)),
              [&](std::size_t i) { runs[i] = read_first_answers(folders[i], columns); });
  return runs;
}

}  // namespace matcher::pipeline
