#include "matcher/store/embedding_set.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/core/npy.hpp"
#include "matcher/store/embeddings/manifest.hpp"
#include "matcher/store/embeddings/tables.hpp"

namespace matcher::store {
namespace {

void check_shape(const fs::path& file, std::size_t n, std::size_t d, std::size_t bytes) {
  const auto header = npy_header(std::array{n, d});
  const bool same = bytes == npy_header_bytes + n * d * sizeof(float) && [&] {
    std::string start(npy_header_bytes, '\0');
    open_for_reading(file).read(start.data(), std::streamsize(start.size()));
    return start == header;
  }();
  if (same) return;
  throw Error(ErrorCode::mismatch,
              fmt::format("\"{}\" does not hold the [{}, {}] float32 vectors of its manifest. Embed "
                          "again into the same folder",
                          file.string(), n, d));
}

std::vector<FailureRow> read_failures(const fs::path& file) {
  std::vector<FailureRow> failures;
  for (auto& row : read_failure_rows(file)) {
    auto& f = row.fields;
    failures.push_back({f[0], f[1], f[2], f[3]});
  }
  return failures;
}

}  // namespace

EmbeddingSet EmbeddingSet::open(const fs::path& folder) {
  EmbeddingSet set;
  set.manifest_ = read_manifest(folder / "manifest.json");
  set.items_ = read_items(folder / "items.csv");
  set.failures_ = read_failures(folder / "failures.csv");
  const auto [n, d] = std::pair(set.manifest_.count, set.manifest_.model.dimension);
  if (set.items_.size() != n) {
    throw Error(ErrorCode::mismatch,
                fmt::format("\"{}\" has {} items, but its manifest has {}. Embed again into the same folder",
                            (folder / "items.csv").string(), set.items_.size(), n));
  }
  const fs::path file = folder / "vectors.npy";
  if (!fs::exists(file)) throw Error(ErrorCode::input, fmt::format("\"{}\" is missing; embed again", file.string()));
  const auto bytes = fs::file_size(file);
  check_shape(file, n, d, bytes);
  set.file_ = MappedFile(file);
  set.vectors_ = {reinterpret_cast<const float*>(set.file_.bytes().data() + npy_header_bytes), n, d};
  return set;
}

}  // namespace matcher::store
