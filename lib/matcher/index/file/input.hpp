// Reads the bytes of an index one after the other, and knows how many remain.
#pragma once

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <span>
#include <string>
#include <vector>

#include "matcher/files/hash.hpp"

namespace matcher::index {

class Input {
 public:
  virtual ~Input() = default;
  virtual std::uintmax_t rest() const = 0;  ///< bytes
  /// Returns the next bytes, at most `most`. Returns none if none remain.
  virtual std::span<const std::byte> next(std::size_t most) = 0;
};

/// The first `size` bytes of a file, in pieces, with their hash.
class HashingInput : public Input {
 public:
  /// Borrows `in`, which must outlive this object.
  HashingInput(std::ifstream& in, std::uintmax_t size);
  std::uintmax_t rest() const override { return unread_ + (piece_.size() - used_); }
  std::span<const std::byte> next(std::size_t most) override;
  /// Reads what remains, and returns the hash of all bytes and `end`.
  std::string finish(const std::string& end);

 private:
  void refill();
  std::ifstream& in_;
  std::uintmax_t unread_;  ///< bytes that are still in the file only
  std::vector<std::byte> piece_;
  std::size_t used_ = 0;
  Hasher hasher_;
};

}  // namespace matcher::index
