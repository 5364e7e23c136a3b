// The items of an embedding set or an index: one row of items.csv per vector.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace matcher::store {

struct ItemRow {
  std::string id, path, label, role, split, view, category, text;
  std::string content_hash;  ///< hash of the image's bytes, or of the text
  bool operator==(const ItemRow&) const = default;
};

/// Row i describes vector i. Throws Error(input) with file and line.
void write_items(const std::filesystem::path& file, const std::vector<ItemRow>& items);
std::vector<ItemRow> read_items(const std::filesystem::path& file);

/// Fingerprint of ids, labels and content hashes.
std::string data_fingerprint(const std::vector<ItemRow>& items);

}  // namespace matcher::store
