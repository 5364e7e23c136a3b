// The flags that eval and compare share.
#pragma once

#include "flags.hpp"
#include "matcher/pipeline/eval.hpp"

namespace matcher::app {

struct EvalFlags {
  std::string dataset, query_by = "image";
  std::vector<std::size_t> ks;
  std::vector<std::string> metrics;
  std::size_t depth = 0;
  std::vector<std::filesystem::path> views;
  RunFlags run;
  OutputFlags output;
};

void add_eval_flags(CLI::App& command, EvalFlags& flags);
/// --format html; throws Error(usage) where a flag goes with that alone, Error(input) for a curve that is not there.
bool is_html(const EvalFlags& flags);
pipeline::EvalOptions eval_options(const EvalFlags& flags, const config::Settings& settings);

}  // namespace matcher::app
