#include "matcher/index/file/input.hpp"

#include <algorithm>

namespace matcher::index {
namespace {

constexpr std::size_t piece_size = 1 << 20;

}  // namespace

HashingInput::HashingInput(std::ifstream& in, std::uintmax_t size) : in_(in), unread_(size) {
  in_.clear();
  in_.seekg(0);
}

void HashingInput::refill() {
  piece_.resize(std::size_t(std::min<std::uintmax_t>(piece_size, unread_)));
  in_.read(reinterpret_cast<char*>(piece_.data()), std::streamsize(piece_.size()));
  piece_.resize(std::size_t(in_.gcount()));
  unread_ = piece_.empty() ? 0 : unread_ - piece_.size();  // the file may have become shorter
  used_ = 0;
  hasher_.bytes(piece_);
}

std::span<const std::byte> HashingInput::next(std::size_t most) {
  if (used_ == piece_.size()) refill();
  const auto bytes = std::span(piece_).subspan(used_);
  const auto taken = bytes.first(std::min(most, bytes.size()));
  used_ += taken.size();
  return taken;
}

std::string HashingInput::finish(const std::string& end) {
  while (unread_ > 0) refill();
  used_ = piece_.size();
  return hasher_.bytes(std::as_bytes(std::span(end))).hex();
}

}  // namespace matcher::index
