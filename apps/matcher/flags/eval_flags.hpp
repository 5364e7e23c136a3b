// The flags that eval, compare and fuse share.
#pragma once

#include "flags/flags.hpp"
#include "matcher/pipeline/eval.hpp"

namespace matcher::app {

struct EvalFlags {
  DatasetFlags dataset;
  std::string query_by = "image";
  bool speed = false;
  std::vector<std::size_t> ks;
  std::vector<std::string> metrics;
  std::size_t depth = 0;
  std::vector<std::filesystem::path> views;
  RunFlags run;
  OutputFlags output;
};

void add_eval_flags(CLI::App& command, EvalFlags& flags);
/// Adds --speed. Views have no speed of their own.
CLI::Option* add_speed_flag(CLI::App& command, EvalFlags& flags);
void add_resample_flag(CLI::App& command, std::string& resample);
/// Returns the format, checked as for OutputFlags. Throws Error(usage) for --views without a page, Error(input) for a
/// missing file of --views.
report::Format output_format(const EvalFlags& flags);
pipeline::EvalSettings eval_settings(const EvalFlags& flags, const config::Settings& settings);

}  // namespace matcher::app
