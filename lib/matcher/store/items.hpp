// The items of an embedding set or an index: one row of items.csv per vector.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace matcher::store {

struct ItemRow {
  std::string id, path, label, role, split, view, category, text;
  std::string content_hash;  ///< hash of the image's bytes, or of the text
  std::string group{};       ///< images of a product with the same group are one series; empty: unknown
  bool operator==(const ItemRow&) const = default;
};

/// The columns of items.csv. Sets of which no image has a group keep the columns of earlier versions.
enum class ItemColumns { usual, with_group };

/// The columns that these items need.
ItemColumns columns_of(std::span<const ItemRow> items);

/// Row i describes vector i. Throws Error(input) with file and line.
void write_items(const std::filesystem::path& file, const std::vector<ItemRow>& items);
std::vector<ItemRow> read_items(const std::filesystem::path& file);

/// Fingerprint of ids, labels and content hashes.
std::string data_fingerprint(const std::vector<ItemRow>& items);

}  // namespace matcher::store
