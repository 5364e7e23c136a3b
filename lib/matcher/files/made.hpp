// Records when, where and for how long something was made, for manifests.
#pragma once

#include <chrono>
#include <string>

namespace matcher {

struct Made {
  std::string created;  ///< UTC, "2026-03-01T12:00:00Z"; empty: unknown, in files of older versions
  std::string host;
  double seconds = 0;  ///< duration of the work

  bool operator==(const Made&) const = default;
};

/// Records work that began at `start` and ends now. $SOURCE_DATE_EPOCH, seconds since 1970, replaces the time, so that
/// two builds have the same bytes; the duration is then 0.
Made made_since(std::chrono::steady_clock::time_point start);

/// Adds `created`, `host` and `seconds` to a manifest, an object of nlohmann; nothing if the time is unknown.
template <class Json>
void add_made(Json& manifest, const Made& made) {
  if (made.created.empty()) return;
  manifest["created"] = made.created;
  manifest["host"] = made.host;
  manifest["seconds"] = made.seconds;
}

/// Reads what add_made() added. Throws an exception of nlohmann for a wrong type.
template <class Json>
Made made_in(const Json& manifest) {
  return {manifest.value("created", ""), manifest.value("host", ""), manifest.value("seconds", 0.0)};
}

/// "2026-03-01T12:00:00Z" for seconds since 1970.
std::string utc_time(long long seconds);

}  // namespace matcher
