#include "matcher/pipeline/search/stored_runs.hpp"

#include "matcher/pipeline/context.hpp"
#include "matcher/process/parallel.hpp"
#include "matcher/run/run_folder.hpp"

namespace matcher::pipeline {

namespace fs = std::filesystem;

run::Run read_first_answers(const fs::path& folder) {
  return run::RunFolder::open_own(folder).read(run::Answers::first);
}

std::vector<run::Run> read_first_answers(const std::vector<fs::path>& folders) {
  std::vector<run::Run> runs(folders.size());
  in_parallel(runs.size(), std::size_t(thread_count(0)),
              [&](std::size_t i) { runs[i] = read_first_answers(folders[i]); });
  return runs;
}

}  // namespace matcher::pipeline
