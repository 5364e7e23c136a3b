#include "matcher/files/hash.hpp"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <vector>

#include "matcher/files/file.hpp"
#include "matcher/files/read_check.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace matcher {
namespace {

std::string to_hex(XXH128_hash_t hash) { return fmt::format("{:016x}{:016x}", hash.high64, hash.low64); }

}  // namespace

struct Hasher::State {
  XXH3_state_t* xxh = XXH3_createState();
  State() { XXH3_128bits_reset(xxh); }
  ~State() { XXH3_freeState(xxh); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
};

Hasher::Hasher() : state_(std::make_unique<State>()) {}
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

Hasher& Hasher::bytes(std::span<const std::byte> data) {
  XXH3_128bits_update(state_->xxh, data.data(), data.size());
  return *this;
}

Hasher& Hasher::field(std::string_view text) {
  const auto length = static_cast<std::uint64_t>(text.size());
  bytes(std::as_bytes(std::span(&length, 1)));
  return bytes(std::as_bytes(std::span(text)));
}

Hasher& Hasher::field(double value) { return field(fmt::format("{}", value)); }

std::string Hasher::hex() const { return to_hex(XXH3_128bits_digest(state_->xxh)); }

std::string content_hash(std::span<const std::byte> data) { return to_hex(XXH3_128bits(data.data(), data.size())); }

std::string file_hash(const std::filesystem::path& path) {
  auto in = open_for_reading(path);
  Hasher hasher;
  std::vector<char> piece(1 << 20);
  while (in.read(piece.data(), std::streamsize(piece.size())) || in.gcount() > 0) {
    hasher.bytes(std::as_bytes(std::span(piece.data(), std::size_t(in.gcount()))));
  }
  check_read_to_end(in, path);
  return hasher.hex();
}

}  // namespace matcher
