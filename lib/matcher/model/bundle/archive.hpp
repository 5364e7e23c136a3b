// Reads records of a TorchScript file without LibTorch: the file is a ZIP archive of stored records.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace matcher::model {

struct StoredRecord {
  std::string name;                    ///< without the name of the archive's root folder
  std::uint64_t offset = 0, size = 0;  ///< bytes: the position and length of its content in the file
};

/// Returns every record that is not compressed. Throws Error(input) if the file is not TorchScript, or is damaged.
std::vector<StoredRecord> stored_records(const std::filesystem::path& file);

/// Reads the record `extra/<name>`; nullopt if there is none. Throws Error(input) if the file is not TorchScript, or is
/// damaged.
std::optional<std::string> extra_record(const std::filesystem::path& file, const std::string& name);

}  // namespace matcher::model
