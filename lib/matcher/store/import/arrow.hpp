// Reads Parquet and Arrow files through the Apache Arrow plugin.
#pragma once

#include <memory>

#include "matcher/store/import/arrow/table.hpp"
#include "matcher/store/import/formats.hpp"

namespace matcher::store {

/// Reads rows of a file of the plugin. Throws Error(input) with the file.
class ArrowReader {
 public:
  /// Throws Error(resource) if the plugin is missing, Error(input) if the file cannot be used.
  ArrowReader(const fs::path& file, ArrowContent content);
  bool next(ArrowRows& rows);

 private:
  fs::path file_;
  std::unique_ptr<ArrowFile> opened_;
};

}  // namespace matcher::store
