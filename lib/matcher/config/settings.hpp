// matcher.yaml: what a command uses when its flags do not say.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "matcher/core/device.hpp"
#include "matcher/core/observer.hpp"

namespace matcher::config {

/// How vector databases are spoken to. Secrets are here or in the environment, never on a command line.
struct Server {
  std::string token;                 ///< sent as "Authorization: Bearer TOKEN"
  std::vector<std::string> headers;  ///< "Name: value"
  std::string ca_file;               ///< certificates to trust instead of the system's
  int timeout = 120;                 ///< seconds for one request
  int requests = 4;                  ///< at a time
};

/// The keys of matcher.yaml; every key is optional.
struct Settings {
  std::string model;                               ///< name, path or ensemble; "" when the file names none
  std::string dataset;                             ///< name or path; "" when the file names none
  std::filesystem::path workdir = "matcher-work";  ///< relative to the current folder
  Device device;
  Precision precision = Precision::automatic;
  int batch_size = 32;                      ///< photos a batch
  int threads = 0;                          ///< decode threads; 0: one a core
  std::size_t top_k = 5;                    ///< answers `query` shows
  std::size_t depth = 100;                  ///< answers `eval` keeps for each query
  std::vector<std::size_t> ks{1, 5, 10};    ///< the k of top-k accuracy
  std::string index = "auto";               ///< index type
  std::optional<std::size_t> max_failures;  ///< photos that may fail before a command does; none: no bound
  LogLevel log_level = LogLevel::info;
  Server server;
  std::string origin;  ///< the file this came from; "" when there was none
};

/// Throws Error(usage) with origin:line for unknown keys, wrong types and values out of range.
Settings parse_settings(const std::string& text, const std::string& origin);

/// Reads the first there is of: `flag` (--config), $MATCHER_CONFIG, ./matcher.yaml, matcher/matcher.yaml in
/// $XDG_CONFIG_HOME (~/.config when unset), configs/matcher.yaml of the share folders. One file is used whole; what it
/// leaves out has the defaults above. $MATCHER_SERVER_TOKEN and $MATCHER_SERVER_HEADERS (a line each) come before the
/// keys of `server`. Throws Error(input) when `flag` or $MATCHER_CONFIG names a file that is not there.
Settings load_settings(const std::optional<std::filesystem::path>& flag);

}  // namespace matcher::config
