#include "matcher/store/cache.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstring>

#include "matcher/core/error.hpp"
#include "matcher/files/hash.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/store/cache/files.hpp"

namespace matcher::store {
namespace {

std::string checksum(std::span<const std::byte> hash_and_vector) {
  return content_hash(hash_and_vector).substr(0, checksum_digits);
}

std::string record_of(const std::string& hash, std::span<const float> vector) {
  auto record = hash;
  record.append(reinterpret_cast<const char*>(vector.data()), vector.size_bytes());
  return record + checksum(std::as_bytes(std::span(record)));
}

bool is_sound(std::span<const std::byte> record) {
  const auto body = record.first(record.size() - checksum_digits);
  return std::memcmp(checksum(body).data(), record.data() + body.size(), checksum_digits) == 0;
}

/// A name that no other process chooses: processes differ in number on one machine, and in host or time elsewhere.
fs::path new_pack(const fs::path& folder) {
  char host[64] = "";
  ::gethostname(host, sizeof(host) - 1);
  const auto now = std::chrono::system_clock::now().time_since_epoch().count();
  return folder / (file_name_of_pack(fmt::format("{}-{}-{}", host, now, ::getpid())));
}

}  // namespace

VectorCache::VectorCache(const fs::path& root, const ModelIdentity& model)
    : folder_(root / folder_name(model)), dimension_(model.dimension) {
  try_to([&] { open_folder(model); });
  try {
    for (const auto& pack : packs_of(folder_)) open_or_count(pack);
  } catch (const Error& error) {
    give_up(error.what());
  }
}

/// Counts an unreadable pack as damaged.
void VectorCache::open_or_count(const fs::path& pack) {
  try {
    open_pack(pack);
  } catch (const Error&) {
    if (path_exists(pack)) ++damaged_;  // otherwise another process pruned it
  }
}

VectorCache::~VectorCache() {
  try_to([&] {
    if (out_) out_->close();
  });
}

void VectorCache::open_folder(const ModelIdentity& model) {
  make_folder(folder_);
  lock_.emplace(folder_, FolderLock::Mode::shared);
  remove_left_overs(folder_);
  if (!read_key(folder_)) write_atomically(folder_ / key_file, key_text(model));
}

/// Writes to the cache. What fails is noted, and nothing is written from then on.
template <class Write>
void VectorCache::try_to(const Write& write) {
  try {
    if (writable_) write();
  } catch (const Error& error) {
    give_up(error.what());
  }
}

/// A pack without usable records is removed, because a full disk needs the space.
void VectorCache::give_up(const std::string& reason) {
  writable_ = false;
  problem_ = reason;
  out_.reset();
  std::error_code ignored;
  if (!synced_ && !pack_.empty()) fs::remove(pack_, ignored);
}

void VectorCache::open_pack(const fs::path& file) {
  MappedFile pack(file);
  const auto header = pack_header(dimension_);
  const auto bytes = pack.bytes();
  if (bytes.size() < header.size()) return;  // its writer was killed
  if (std::memcmp(bytes.data(), header.data(), header.size()) != 0) {
    ++damaged_;
    return;
  }
  std::error_code ignored;
  fs::last_write_time(file, fs::file_time_type::clock::now(), ignored);
  const auto size = record_bytes(dimension_);
  const auto count = (bytes.size() - header.size()) / size;  // the last record may be cut short
  records_.reserve(records_.size() + count);
  for (const auto* record = bytes.data() + header.size(); record < bytes.data() + header.size() + count * size;
       record += size)
    records_.emplace(std::string_view(reinterpret_cast<const char*>(record), hash_digits), record);
  packs_.push_back(std::move(pack));
}

std::optional<std::vector<float>> VectorCache::find(const std::string& content_hash) const {
  const auto [first, last] = records_.equal_range(content_hash);
  for (auto found = first; found != last; ++found) {
    if (!is_sound({found->second, record_bytes(dimension_)})) continue;
    std::vector<float> vector(dimension_);
    std::memcpy(vector.data(), found->second + hash_digits, dimension_ * sizeof(float));
    return vector;
  }
  if (first != last) ++damaged_;
  return std::nullopt;
}

void VectorCache::put(const std::string& content_hash, std::span<const float> vector) {
  if (!writable_ || !added_.insert(content_hash).second) return;
  try_to([&] {
    if (!out_) {
      pack_ = new_pack(folder_);
      out_.emplace(pack_);
      out_->write(pack_header(dimension_));
    }
    out_->write(record_of(content_hash, vector));
  });
}

std::optional<double> VectorCache::speed() const {
  std::ifstream in(folder_ / speed_file);
  double speed = 0;
  return in >> speed && speed > 0 ? std::optional(speed) : std::nullopt;
}

void VectorCache::note_speed(double images_per_second) {
  try_to([&] { write_atomically(folder_ / speed_file, fmt::format("{}\n", images_per_second)); });
}

void VectorCache::sync() {
  try_to([&] {
    if (!out_) return;
    out_->sync();
    synced_ = true;
  });
}

}  // namespace matcher::store
