// Where the records of a TorchScript file lie. Private to this layer.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace matcher::model {

struct StoredRecord {
  std::string name;                    ///< without the folder that holds them all
  std::uint64_t offset = 0, size = 0;  ///< of its bytes in the file
};

/// Every record of a TorchScript file that is not compressed. Throws Error(input) when the file is no TorchScript file
/// or is damaged.
std::vector<StoredRecord> stored_records(const std::filesystem::path& file);

}  // namespace matcher::model
