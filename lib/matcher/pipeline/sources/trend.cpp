#include "matcher/pipeline/trend.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/core/error.hpp"
#include "matcher/pipeline/search/stored_runs.hpp"

namespace matcher::pipeline {
namespace {

namespace fs = std::filesystem;

const run::Run& oldest(const std::vector<run::Run>& runs) {
  return *std::ranges::min_element(runs, {}, [](const run::Run& run) { return run.made.created; });
}

/// The run that is `baseline`, in whatever spelling; otherwise the folder is read.
run::Run find_reference(const std::vector<run::Run>& runs, const fs::path& baseline) {
  if (baseline.empty()) return oldest(runs);
  const auto is_it = [&](const run::Run& run) {
    std::error_code ignored;
    return fs::equivalent(run.folder, baseline, ignored);
  };
  const auto found = std::ranges::find_if(runs, is_it);
  return found == runs.end() ? read_first_answers(baseline) : *found;
}

/// Runs of older versions have no time; they keep the order in which they were named.
void warn_of_unknown_times(Observer& observer, const std::vector<run::Run>& runs) {
  const auto unknown = std::ranges::count_if(runs, [](const run::Run& run) { return run.made.created.empty(); });
  if (unknown == 0) return;
  observer.log(LogLevel::warning,
               fmt::format("{} of {} runs have no time, because an older version made them; they come first, in the "
                           "order in which they were given",
                           unknown, runs.size()));
}

}  // namespace

report::Trend trend(const Context& context, const std::vector<fs::path>& folders, const fs::path& baseline,
                    const run::TrendOptions& options) {
  if (folders.size() + (baseline.empty() ? 0 : 1) < 2)
    throw Error(ErrorCode::usage,
                "trend needs two runs or more. Give their folders, for example: matcher trend nights/*");
  auto runs = read_first_answers(folders);
  warn_of_unknown_times(context.observer, runs);
  const auto reference = find_reference(runs, baseline);
  return run::follow(std::move(runs), reference, options);
}

}  // namespace matcher::pipeline
