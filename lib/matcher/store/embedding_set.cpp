#include "matcher/store/embedding_set.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "matcher/core/csv.hpp"
#include "matcher/core/error.hpp"
#include "matcher/core/hash.hpp"
#include "matcher/store/embeddings/formats.hpp"

namespace matcher::store {
namespace {

const std::vector<std::string> item_columns{"id",   "path",     "label", "role",        "split",
                                            "view", "category", "text",  "content_hash"};
const std::vector<std::string> failure_columns{"id", "path", "role", "reason"};

std::vector<CsvRow> read_rows(const fs::path& file, const std::vector<std::string>& columns) {
  auto rows = read_csv(file);
  if (rows.empty() || rows[0].fields != columns) {
    throw Error(ErrorCode::input,
                fmt::format("{} does not begin with the columns {}", file.string(), csv_line(columns)));
  }
  rows.erase(rows.begin());
  for (const auto& row : rows) {
    if (row.fields.size() == columns.size()) continue;
    throw Error(ErrorCode::input, fmt::format("{}:{}: {} fields where {} are needed", file.string(), row.line,
                                              row.fields.size(), columns.size()));
  }
  return rows;
}

void check_shape(const fs::path& file, std::size_t n, std::size_t d, std::size_t bytes) {
  const auto header = vectors_header(n, d);
  const bool same = bytes == npy_header_bytes + n * d * sizeof(float) && [&] {
    std::string start(npy_header_bytes, '\0');
    open_for_reading(file).read(start.data(), std::streamsize(start.size()));
    return start == header;
  }();
  if (same) return;
  throw Error(ErrorCode::mismatch, fmt::format("{} does not hold the [{}, {}] float32 vectors that its manifest names; "
                                               "embed again into the same place",
                                               file.string(), n, d));
}

}  // namespace

std::string items_header() { return csv_line(item_columns); }

std::string item_line(const ItemRow& i) {
  return csv_line({i.id, i.path, i.label, i.role, i.split, i.view, i.category, i.text, i.content_hash});
}

std::string failures_header() { return csv_line(failure_columns); }

std::string failure_line(const FailureRow& f) { return csv_line({f.id, f.path, f.role, f.reason}); }

void write_items(const fs::path& file, const std::vector<ItemRow>& items) {
  OutputFile out(file);
  out.write(items_header());
  for (const auto& item : items) out.write(item_line(item));
  out.sync();
  out.close();
}

std::vector<ItemRow> read_items(const fs::path& file) {
  std::vector<ItemRow> items;
  for (auto& row : read_rows(file, item_columns)) {
    auto& f = row.fields;
    items.push_back({f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7], f[8]});
  }
  return items;
}

std::vector<FailureRow> read_failures(const fs::path& file) {
  std::vector<FailureRow> failures;
  for (auto& row : read_rows(file, failure_columns)) {
    failures.push_back({row.fields[0], row.fields[1], row.fields[2], row.fields[3]});
  }
  return failures;
}

std::string data_fingerprint(const std::vector<ItemRow>& items) {
  Hasher hasher;
  for (const auto& item : items) hasher.field(item.id).field(item.label).field(item.content_hash);
  return hasher.hex();
}

EmbeddingSet EmbeddingSet::open(const fs::path& folder) {
  EmbeddingSet set;
  set.manifest_ = read_manifest(folder / "manifest.json");
  set.items_ = read_items(folder / "items.csv");
  set.failures_ = read_failures(folder / "failures.csv");
  const auto [n, d] = std::pair(set.manifest_.count, set.manifest_.model.dimension);
  if (set.items_.size() != n) {
    throw Error(ErrorCode::mismatch,
                fmt::format("{} has {} items but its manifest says {}; embed again into the same place",
                            (folder / "items.csv").string(), set.items_.size(), n));
  }
  const fs::path file = folder / "vectors.npy";
  if (!fs::exists(file)) throw Error(ErrorCode::input, fmt::format("{} is not there; embed again", file.string()));
  const auto bytes = fs::file_size(file);
  check_shape(file, n, d, bytes);
  set.file_ = MappedFile(file);
  set.vectors_ = {reinterpret_cast<const float*>(set.file_.bytes().data() + npy_header_bytes), n, d};
  return set;
}

}  // namespace matcher::store
