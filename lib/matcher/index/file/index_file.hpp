// Reads and writes index files: what FAISS writes, and a last line with the type and a hash of the file.
// The hash reveals damage before FAISS believes a size in the file.
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
  std::string type;  ///< the FAISS factory string
};

/// Writes a file that is complete or absent. Throws Error(resource) with the path and the reason.
void write_index_file(const std::filesystem::path& file, const faiss::Index& index, const std::string& type);

/// Throws Error(input) if the file is missing or damaged, Error(resource) if memory does not suffice.
IndexFile read_index_file(const std::filesystem::path& file);

/// "rebuild it with: matcher index ..." for the folder that holds `file`.
std::string rebuild_hint(const std::filesystem::path& file);

}  // namespace matcher::index
