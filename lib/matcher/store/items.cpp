#include "matcher/store/items.hpp"

#include <algorithm>

#include "matcher/files/file.hpp"
#include "matcher/files/hash.hpp"
#include "matcher/store/embeddings/tables.hpp"

namespace matcher::store {

ItemColumns columns_of(std::span<const ItemRow> items) {
  const bool has_group = std::ranges::any_of(items, [](const ItemRow& item) { return !item.group.empty(); });
  return has_group ? ItemColumns::with_group : ItemColumns::usual;
}

void write_items(const fs::path& file, const std::vector<ItemRow>& items) {
  const auto columns = columns_of(items);
  OutputFile out(file);
  out.write(items_header(columns));
  for (const auto& item : items) out.write(item_line(item, columns));
  out.sync();
  out.close();
}

std::vector<ItemRow> read_items(const fs::path& file) {
  std::vector<ItemRow> items;
  for (auto& row : read_item_rows(file)) {
    auto& f = row.fields;
    items.push_back({f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7], f[8]});
    if (f.size() > 9) items.back().group = f[9];
  }
  return items;
}

std::string data_fingerprint(const std::vector<ItemRow>& items) {
  Hasher hasher;
  for (const auto& item : items) hasher.field(item.id).field(item.label).field(item.content_hash);
  return hasher.hex();
}

}  // namespace matcher::store
