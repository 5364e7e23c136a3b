// Reads and writes index files: what FAISS writes, and a last line with the type and a hash of the file.
// The hash reveals accidents, and the structure is checked too, before FAISS believes a number in the file.
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

/// Writes a file that is complete or absent, and reads it again to check it. Returns its hash. Throws Error(resource)
/// with the path and the reason, Error(usage) for a class of index that read_index_file() would refuse.
std::string write_index_file(const std::filesystem::path& file, const faiss::Index& index, const std::string& type);

/// Throws Error(input) if the file is missing, damaged or of a class that is unknown, Error(resource) if memory
/// does not suffice, Error(mismatch) if the file is sound, but its hash is not `wanted_hash`.
IndexFile read_index_file(const std::filesystem::path& file, const std::string& wanted_hash = {});

/// "rebuild it with: matcher index ..." for the folder that holds `file`.
std::string rebuild_hint(const std::filesystem::path& file);

}  // namespace matcher::index
