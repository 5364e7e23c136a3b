// Reads matcher.yaml: the defaults of the flags.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "matcher/core/device.hpp"
#include "matcher/core/observer.hpp"
#include "matcher/image/preprocess.hpp"

namespace matcher::config {

/// Access to vector databases. Secrets are here or in the environment, never on a command line.
struct Server {
  std::string token;                 ///< sent as "Authorization: Bearer TOKEN"
  std::vector<std::string> headers;  ///< "Name: value"
  std::string ca_file;               ///< file of certificates to trust instead of the system's
  int timeout = 120;                 ///< seconds per request
  int requests = 4;                  ///< number of requests at a time
};

/// The keys of matcher.yaml; every key is optional.
struct Settings {
  std::string model;              ///< name, path or ensemble; "": none
  std::string dataset;            ///< name or path; "": none
  std::filesystem::path workdir;  ///< relative to the current folder; "": see find_work_folders()
  Device device;
  Precision precision = Precision::automatic;
  std::optional<image::Decode> decode;      ///< none: as each model's description
  int batch_size = 32;                      ///< images per batch
  int threads = 0;                          ///< decode threads; 0: one per core
  std::size_t top_k = 5;                    ///< number of answers that `query` shows
  std::size_t depth = 100;                  ///< number of answers that `eval` keeps per query
  std::vector<std::size_t> ks{1, 5, 10};    ///< values of k for top-k accuracy
  std::string index = "auto";               ///< index type
  std::optional<std::size_t> max_failures;  ///< images that may fail before the command does; none: no limit
  LogLevel log_level = LogLevel::info;
  int progress_seconds = 60;  ///< between two lines of progress if stderr is not a terminal; 0: a line per step
  Server server;
  std::string origin;                ///< the file that was read; "": none
  std::map<std::string, int> lines;  ///< the lines of its keys, from 1; those of `server` as "server.timeout"
};

/// Parses the text of a matcher.yaml. Throws Error(usage) with origin:line for unknown keys, wrong types and values out
/// of range.
Settings parse_settings(const std::string& text, const std::string& origin);

/// Reads the first file of: `flag` (--config), $MATCHER_CONFIG, ./matcher.yaml, matcher/matcher.yaml in
/// $XDG_CONFIG_HOME (default ~/.config), configs/matcher.yaml of the share folders. The last two count only if this
/// user may read them. Keys that the file leaves out have the defaults above. $MATCHER_SERVER_TOKEN and
/// $MATCHER_SERVER_HEADERS (one per line) replace the keys of `server`. Throws Error(input) if `flag` or
/// $MATCHER_CONFIG names a missing file.
Settings load_settings(const std::optional<std::filesystem::path>& flag);

}  // namespace matcher::config
