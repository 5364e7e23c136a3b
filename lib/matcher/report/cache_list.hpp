// The vectors in the cache, as `matcher cache` publishes them: plain data.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "matcher/report/report.hpp"

namespace matcher::report {

/// The cached vectors of one model.
struct CachedModel {
  ModelIdentity model;  ///< name, fingerprint, precision, device and dimension
  std::size_t vectors = 0;
  std::uintmax_t bytes = 0;  ///< on disk
  std::string folder;
  std::filesystem::file_time_type last_used;
};

/// The printed matcher.cache/1. The files of the cache have a schema of the same name.
struct CacheList {
  std::vector<CachedModel> models;  ///< last used first
};

/// "2026-03-01 12:00:00 UTC".
std::string date(std::filesystem::file_time_type time);

}  // namespace matcher::report
