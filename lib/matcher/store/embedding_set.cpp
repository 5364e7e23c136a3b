#include "matcher/store/embedding_set.hpp"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <optional>
#include <span>
#include <utility>

#include "matcher/core/error.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/hash.hpp"
#include "matcher/files/npy.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/store/embeddings/manifest.hpp"
#include "matcher/store/embeddings/partial.hpp"
#include "matcher/store/embeddings/tables.hpp"

namespace matcher::store {
namespace {

/// Returns the bytes of a .npy file of n x d float32; nothing if that is more than a file can have.
std::optional<std::size_t> npy_bytes(std::size_t n, std::size_t d) {
  std::size_t bytes = 0;
  const bool too_large = __builtin_mul_overflow(n, d, &bytes) || __builtin_mul_overflow(bytes, sizeof(float), &bytes) ||
                         __builtin_add_overflow(bytes, npy_header_bytes, &bytes);
  return too_large ? std::nullopt : std::optional(bytes);
}

void check_shape(const fs::path& file, std::size_t n, std::size_t d, std::span<const std::byte> bytes) {
  const auto header = npy_header(std::array{n, d});
  if (bytes.size() == npy_bytes(n, d) && std::memcmp(bytes.data(), header.data(), header.size()) == 0) return;
  throw Error(ErrorCode::mismatch,
              fmt::format("\"{}\" does not hold the [{}, {}] float32 vectors of its manifest. Embed "
                          "again into the same folder",
                          file.string(), n, d));
}

/// Checks the content of a file. A set of an older version has no sums.
void check_sum(const fs::path& file, const std::string& found, const std::string& wanted) {
  if (wanted.empty() || found == wanted) return;
  throw Error(
      ErrorCode::input,
      fmt::format("\"{}\" is damaged: its content has the sum {}, but its manifest.json has {}. Embed again into "
                  "the same folder",
                  file.string(), found, wanted));
}

void check_tables(const fs::path& folder, const Manifest::Sums& sums) {
  if (!sums.items.empty()) check_sum(folder / items_name, file_hash(folder / items_name), sums.items);
  if (!sums.failures.empty()) check_sum(folder / failures_name, file_hash(folder / failures_name), sums.failures);
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
  set.manifest_ = read_manifest(folder / manifest_name);
  check_tables(folder, set.manifest_.sums);
  set.items_ = read_items(folder / items_name);
  set.failures_ = read_failures(folder / failures_name);
  const auto [n, d] = std::pair(set.manifest_.count, set.manifest_.model.dimension);
  if (set.items_.size() != n) {
    throw Error(ErrorCode::mismatch,
                fmt::format("\"{}\" has {} items, but its manifest has {}. Embed again into the same folder",
                            (folder / items_name).string(), set.items_.size(), n));
  }
  const fs::path file = folder / vectors_name;
  if (!path_exists(file)) throw Error(ErrorCode::input, fmt::format("\"{}\" is missing; embed again", file.string()));
  set.file_ = MappedFile(file);
  check_shape(file, n, d, set.file_.bytes());
  const auto rows = set.file_.bytes().subspan(npy_header_bytes);
  if (!set.manifest_.sums.vectors.empty()) check_sum(file, content_hash(rows), set.manifest_.sums.vectors);
  set.vectors_ = {reinterpret_cast<const float*>(rows.data()), n, d};
  return set;
}

}  // namespace matcher::store
