// What the subcommands share: common flags, and what flags leave out taken from matcher.yaml.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "matcher/pipeline/context.hpp"
#include "matcher/report/table.hpp"
#include "terminal.hpp"

namespace matcher::app {

/// The flags before the subcommand.
struct GlobalFlags {
  std::string config, workdir, log_level;
  bool quiet = false;
};

/// What a subcommand runs with.
struct Session {
  config::Settings settings;
  Terminal terminal;
  pipeline::Context context;
  explicit Session(const GlobalFlags& flags);
};

/// What a subcommand does; returns the exit code.
using Action = std::function<int(Session&)>;

/// A subcommand registers its flags and what it does; nothing runs before everything is parsed.
struct Program {
  CLI::App app;
  GlobalFlags flags;
  Action action;
};

/// --device, --precision, --batch-size, --threads, --max-failures, --no-cache.
struct RunFlags {
  std::string device, precision;
  int batch_size = 0, threads = -1;
  std::optional<std::size_t> max_failures;
  bool no_cache = false;
};
void add_run_flags(CLI::App& command, RunFlags& flags, bool many = true);
pipeline::ExecutionOptions run_options(const RunFlags& flags, const config::Settings& settings);

/// --format and --report-file; `write` puts the text to the file or, for "-", to stdout.
struct OutputFlags {
  std::string format = "table";
  std::string file = "-";
};
void add_output_flags(CLI::App& command, OutputFlags& flags);
void write_output(const OutputFlags& flags, const std::string& text);

/// `given`, or what the settings say.
std::string or_setting(const std::string& given, const std::string& setting);

void add_embed(Program& program);
void add_index(Program& program);
void add_query(Program& program);
void add_eval(Program& program);
void add_compare(Program& program);
void add_fuse(Program& program);
void add_views(Program& program);
void add_models(Program& program);
void add_threshold(Program& program);
void add_verify(Program& program);
void add_cache(Program& program);
void add_completion(Program& program);

}  // namespace matcher::app
