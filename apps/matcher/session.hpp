// The program, its commands, and the session that a command runs in.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>

#include "matcher/pipeline/context.hpp"
#include "terminal.hpp"

namespace matcher::app {

/// The flags that every command takes.
struct GlobalFlags {
  std::string config, workdir, log_level;
  bool quiet = false;
};
void add_global_flags(CLI::App& app, GlobalFlags& flags);

/// The settings, terminal and places of one run of the program.
struct Session {
  config::Settings settings;
  Terminal terminal;
  pipeline::Context context;
  explicit Session(const GlobalFlags& flags);

  /// The flag's value, otherwise that of matcher.yaml. Logs a value that the user has not chosen, but that came with
  /// the program.
  std::string model(const std::string& given);
  std::string dataset(const std::string& given);

 private:
  std::string choose(const char* what, const std::string& given, const std::string& setting);
};

/// The command line. The chosen command stores its action; it runs after the whole line is parsed.
struct Program {
  CLI::App app;
  GlobalFlags flags;
  std::function<int(Session&)> action;

  /// Adds a command. `run` gets the parsed `flags` and returns the exit code.
  template <class Flags>
  CLI::App& add_command(const std::string& name, const std::string& purpose, const std::shared_ptr<Flags>& parsed,
                        int (*run)(Session&, const Flags&)) {
    auto& command = *app.add_subcommand(name, purpose);
    command.callback(
        [this, parsed, run] { action = [parsed, run](Session& session) { return run(session, *parsed); }; });
    return command;
  }
};

}  // namespace matcher::app
