// The file of an index: what FAISS writes, and a last line with its type and hash, so that damage is seen before FAISS
// believes a size in it. Internal to the layer.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace faiss {
struct Index;
}

namespace matcher::index {

struct IndexFile {
  std::unique_ptr<faiss::Index> index;
  std::string type;
};

/// Under a temporary name, flushed, then renamed. Throws Error(resource) naming the path and the reason.
void write_index_file(const std::filesystem::path& file, const faiss::Index& index, const std::string& type);

/// Throws Error(input) when the file is missing or damaged.
IndexFile read_index_file(const std::filesystem::path& file);

/// "rebuild it with: matcher index ..." for the folder that holds `file`.
std::string rebuild_hint(const std::filesystem::path& file);

}  // namespace matcher::index
