#include "matcher/image/codec/bmp_runs.hpp"

#include <algorithm>

namespace matcher::image {
namespace {

/// Follows Pillow where files do odd things: a run ends with its row, literal pixels go on in the next row.
class Expander {
 public:
  Expander(Bytes coded, int width, int height, bool halves)
      : reader_(coded, false), width_(std::size_t(width)), halves_(halves), pixels_(width_ * std::size_t(height)) {}

  std::vector<std::uint8_t> run() {
    while (next_ < pixels_.size()) {
      const std::uint32_t count = take(), value = take();
      if (count > 0)
        repeat(count, value);
      else if (!follow(value))
        break;
    }
    return std::move(pixels_);
  }

 private:
  std::uint32_t take() { return reader_.u8(at_++); }

  void put(std::uint32_t index) {
    if (next_ < pixels_.size()) pixels_[next_++] = static_cast<std::uint8_t>(index);
  }

  void repeat(std::uint32_t count, std::uint32_t value) {
    const std::size_t room = x_ < width_ ? width_ - x_ : 0;
    const std::size_t most = std::min<std::size_t>(count, room);
    for (std::size_t i = 0; i < most; ++i) put(!halves_ ? value : i % 2 == 0 ? value >> 4 : value & 15);
    x_ += most;
  }

  /// Follows a code after a zero; false at the end of the image.
  bool follow(std::uint32_t code) {
    if (code == 1) return false;
    if (code == 0) {
      next_ = std::min((next_ + width_ - 1) / width_ * width_, pixels_.size());
      x_ = 0;
    } else if (code == 2) {
      const std::uint32_t right = take(), up = take();
      next_ = std::min(next_ + right + up * width_, pixels_.size());
      x_ = next_ % width_;
    } else {
      copy(code);
    }
    return true;
  }

  // Literal pixels fill whole words.
  void copy(std::uint32_t count) {
    const std::size_t start = at_;
    for (std::uint32_t i = 0; i < count && next_ < pixels_.size(); ++i) {
      const std::uint32_t packed = reader_.u8(halves_ ? start + i / 2 : start + i);
      put(!halves_ ? packed : i % 2 == 0 ? packed >> 4 : packed & 15);
    }
    x_ += count;
    const std::size_t bytes = halves_ ? (count + 1) / 2 : count;
    at_ = start + bytes + bytes % 2;
  }

  ByteReader reader_;
  std::size_t at_ = 0;
  std::size_t width_;
  bool halves_;
  std::size_t x_ = 0;  ///< column, as the runs count it
  std::size_t next_ = 0;
  std::vector<std::uint8_t> pixels_;
};

}  // namespace

std::vector<std::uint8_t> expand_bmp_runs(Bytes coded, int width, int height, bool halves) {
  return Expander(coded, width, height, halves).run();
}

}  // namespace matcher::image
