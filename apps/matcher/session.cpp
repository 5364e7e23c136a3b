#include "session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

namespace matcher::app {
namespace {

std::optional<std::filesystem::path> path_or_none(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::filesystem::path>(text);
}

LogLevel choose_level(const GlobalFlags& flags, const config::Settings& settings) {
  if (flags.quiet) return LogLevel::error;
  return flags.log_level.empty() ? settings.log_level : parse_level(flags.log_level);
}

config::WorkFolders choose_folders(const GlobalFlags& flags, const config::Settings& settings) {
  return config::find_work_folders(flags.workdir.empty() ? settings.workdir : std::filesystem::path(flags.workdir));
}

pipeline::Context make_context(config::Places places, Terminal& terminal, const config::Settings& settings) {
  auto workdir = places.own.work;
  return {std::move(places), std::move(workdir), terminal, settings.server};
}

/// True for a file of the folders that came with the program.
bool is_shipped(const std::filesystem::path& file) {
  return std::ranges::any_of(config::share_folders(),
                             [&](const auto& folder) { return file == folder / "configs" / "matcher.yaml"; });
}

}  // namespace

void add_global_flags(CLI::App& app, GlobalFlags& flags) {
  app.add_option("--config", flags.config, "Use this matcher.yaml (default: the first one found)");
  app.add_option("--workdir", flags.workdir,
                 "Keep embeddings, runs and the cache here (default: ./matcher-work if it exists, otherwise "
                 "~/.local/state/matcher)");
  app.add_option("--log-level", flags.log_level, "Log debug, info, warning, error or off (default: info)");
  app.add_flag("-q,--quiet", flags.quiet, "Print errors only, and no progress");
}

Session::Session(const GlobalFlags& flags)
    : settings(config::load_settings(path_or_none(flags.config))),
      terminal(choose_level(flags, settings), flags.quiet, std::chrono::seconds(settings.progress_seconds)),
      context(make_context(config::find_places(choose_folders(flags, settings)), terminal, settings)) {}

std::string Session::model(const std::string& given) { return choose("model", given, settings.model); }

std::string Session::dataset(const std::string& given) { return choose("dataset", given, settings.dataset); }

std::string Session::choose(const char* what, const std::string& given, const std::string& setting) {
  if (!given.empty() || setting.empty()) return given;
  if (is_shipped(settings.origin))
    terminal.log(LogLevel::info, fmt::format("{} {} (from {})", what, setting, settings.origin));
  return setting;
}

}  // namespace matcher::app
