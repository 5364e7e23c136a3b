// The border to the Apache Arrow plugin, which brings Parquet and Arrow files. Plain data and the standard library
// only.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace matcher::store {

/// Consecutive rows of a file.
struct ArrowRows {
  std::size_t rows = 0, dimension = 0;
  std::vector<float> vectors;    ///< [rows, dimension]; empty if only ids were requested
  std::vector<std::string> ids;  ///< one per row; empty: the file has no column of ids
};

/// A file that is read from front to back.
class ArrowFile {
 public:
  virtual ~ArrowFile() = default;
  /// Returns false after the last rows. Throws std::runtime_error with the reason.
  virtual bool next(ArrowRows& rows) = 0;
};

enum class ArrowContent { vectors, ids };  ///< vectors: with ids, if there are any

/// The plugin's one exported function. Returns null, and the reason in `error`, if the file cannot be used. Raise the
/// number with every change above.
#define MATCHER_ARROW_PLUGIN matcher_arrow_plugin_1
using ArrowFactory = ArrowFile* (*)(const std::string& path, ArrowContent content, std::string& error);

}  // namespace matcher::store
