#include "matcher/config/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <utility>

#include "matcher/config/places.hpp"
#include "matcher/config/yaml/decode.hpp"
#include "matcher/config/yaml/reader.hpp"
#include "matcher/core/log_level.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/paths.hpp"

namespace matcher::config {
namespace {

LogLevel parse_log_level(const std::string& text) {
  if (const auto level = find_log_level(text)) return *level;
  throw Error(ErrorCode::usage, fmt::format("unknown log level \"{}\". Use debug, info, warning, error or off", text));
}

std::optional<fs::path> named_by(const char* variable) {
  const char* value = std::getenv(variable);
  return value && *value ? std::optional<fs::path>(value) : std::nullopt;
}

fs::path user_folder() {
  if (const auto folder = named_by("XDG_CONFIG_HOME")) return *folder;
  const auto home = named_by("HOME");
  return home ? *home / ".config" : fs::path();
}

const fs::path here = "matcher.yaml";

/// Lists the files that may exist, nearest first.
std::vector<fs::path> usual_files() {
  std::vector<fs::path> files{here};
  if (const auto folder = user_folder(); !folder.empty()) files.push_back(folder / "matcher" / "matcher.yaml");
  for (const auto& share : share_folders()) files.push_back(share / "configs" / "matcher.yaml");
  return files;
}

Settings read_settings(const fs::path& file) { return parse_settings(read_text(file), file.string()); }

Settings read_named(const fs::path& file, const char* by) {
  if (path_exists(file)) return read_settings(file);
  throw Error(ErrorCode::input,
              fmt::format("the configuration \"{}\", named by {}, {}. Correct the path, or leave it out", file.string(),
                          by, why_missing(file)));
}

void check_header(const std::string& header) {
  const auto colon = header.find(':');
  if (colon != std::string::npos && colon > 0 && header.find_first_of("\r\n") == std::string::npos) return;
  throw Error(ErrorCode::usage,
              "a header for servers does not have the form \"Name: value\". Correct \"headers\" under \"server\", or "
              "$MATCHER_SERVER_HEADERS");
}

void read_server(YamlMap server, Settings& settings) {
  auto& into = settings.server;
  for (const auto& [key, line] : server.lines()) settings.lines.emplace("server." + key, line);
  server.read("token", into.token);
  server.read("headers", into.headers);
  server.read("ca_file", into.ca_file);
  server.read("timeout", into.timeout, 1);
  server.read("requests", into.requests, 1);
  server.finish();
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

/// Applies the variables of the environment, which go before the file.
Settings with_environment(Settings settings) {
  if (const char* token = std::getenv("MATCHER_SERVER_TOKEN")) settings.server.token = token;
  if (const char* headers = std::getenv("MATCHER_SERVER_HEADERS")) settings.server.headers = lines_of(headers);
  std::ranges::for_each(settings.server.headers, check_header);
  return settings;
}

Settings read_chosen(const std::optional<fs::path>& flag) {
  if (flag) return read_named(*flag, "--config");
  if (const auto file = named_by("MATCHER_CONFIG")) return read_named(*file, "$MATCHER_CONFIG");
  for (const auto& file : usual_files()) {
    if (path_exists(file) && (is_readable(file) || file == here)) return read_settings(file);
  }
  return {};
}

}  // namespace

Settings parse_settings(const std::string& text, const std::string& origin) {
  auto yaml = YamlMap::parse(text, origin);
  Settings settings;
  settings.origin = origin;
  settings.lines = yaml.lines();
  yaml.read("model", settings.model);
  yaml.read("dataset", settings.dataset);
  yaml.read("workdir", settings.workdir);
  yaml.read_as("device", settings.device, parse_device);
  yaml.read_as("precision", settings.precision, parse_precision);
  yaml.read_as("decode", settings.decode, parse_decode);
  yaml.read("batch_size", settings.batch_size, 1);
  yaml.read("threads", settings.threads, 0);
  yaml.read("top_k", settings.top_k, 1);
  yaml.read("depth", settings.depth, 1);
  yaml.read("ks", settings.ks, 1);
  yaml.read("index", settings.index);
  yaml.read("max_failures", settings.max_failures, 0);
  yaml.read_as("log_level", settings.log_level, parse_log_level);
  yaml.read("progress_seconds", settings.progress_seconds, 0);
  if (auto server = yaml.secret_map("server")) read_server(*server, settings);
  yaml.finish();
  return settings;
}

Settings load_settings(const std::optional<fs::path>& flag) { return with_environment(read_chosen(flag)); }

}  // namespace matcher::config
