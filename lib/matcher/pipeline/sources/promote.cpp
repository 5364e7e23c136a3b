#include "matcher/pipeline/promote.hpp"

#include <fmt/format.h>

#include "matcher/run/run_folder.hpp"

namespace matcher::pipeline {

bool check_reference(const std::filesystem::path& reference) {
  run::RunFolder::check_replaceable(reference);
  return run::RunFolder::has_queries(reference);
}

void promote(const Context& context, const std::filesystem::path& run, const std::filesystem::path& reference) {
  run::RunFolder::copy(run, reference);
  context.observer.log(LogLevel::info,
                       fmt::format("promoted: \"{}\" is now a copy of \"{}\"", reference.string(), run.string()));
}

}  // namespace matcher::pipeline
