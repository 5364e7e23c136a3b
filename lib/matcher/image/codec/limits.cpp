#include "matcher/image/codec/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "matcher/core/units.hpp"
#include "matcher/process/memory.hpp"

namespace matcher::image {
namespace {

constexpr std::int64_t most_pixels = std::int64_t(1) << 28;

// Bytes per pixel while an image is decoded, turned and resized: three images of 3 bytes, of which one may be smaller.
constexpr std::int64_t pixel_bytes = 8;

// Room for 16 million pixels per core, and for one image of the largest size.
std::int64_t choose_most() {
  const std::int64_t cores = std::max(1u, std::thread::hardware_concurrency());
  return std::max(most_pixels, cores << 24) * pixel_bytes;
}

constexpr std::size_t most_spare = std::size_t(64) << 20;  // bytes: more than 16 million pixels

thread_local std::vector<std::uint8_t> spare;

Budget& shared_budget() {
  static Budget shared(choose_most());
  return shared;
}

// Linux grants memory that it does not have, and ends the program later. Only large images are worth the question.
void check_memory(std::int64_t width, std::int64_t height) {
  constexpr std::int64_t large = std::int64_t(1) << 26;
  const std::int64_t needed = width * height * pixel_bytes;
  if (width * height < large) return;
  const auto available = available_memory();
  if (std::uintmax_t(needed) <= available) return;
  throw DecodeError(fmt::format("{} x {} pixels need {} of memory, but only {} are available. Make the image smaller",
                                width, height, human_bytes(std::uintmax_t(needed)), human_bytes(available)));
}

}  // namespace

void Budget::take(std::int64_t amount) {
  std::unique_lock lock(mutex_);
  released_.wait(lock, [&] { return held_ == 0 || held_ + amount <= most_; });
  held_ += amount;
}

void Budget::release(std::int64_t amount) {
  const std::lock_guard lock(mutex_);
  held_ -= amount;
  released_.notify_all();
}

void check_size(std::int64_t width, std::int64_t height) {
  if (width < 1 || height < 1) throw DecodeError(fmt::format("impossible size: {} x {} pixels", width, height));
  if (width > most_pixels / height)
    throw DecodeError(fmt::format("too large: {} x {} pixels, at most {} pixels are supported. Make the image smaller",
                                  width, height, most_pixels));
}

void fail_for_memory() {
  throw DecodeError("not enough memory for this image. Make the image smaller, or use fewer threads");
}

PixelMemory::~PixelMemory() {
  if (held_ > 0) shared_budget().release(held_);
}

Image PixelMemory::make(std::int64_t width, std::int64_t height) {
  Image image = make_unset(width, height);
  std::ranges::fill(image.rgb, std::uint8_t(0));
  return image;
}

void PixelMemory::reuse(Image image) {
  if (image.rgb.capacity() <= most_spare && image.rgb.capacity() > spare.capacity()) spare = std::move(image.rgb);
}

Image PixelMemory::make_unset(std::int64_t width, std::int64_t height) {
  check_size(width, height);
  if (held_ > 0) shared_budget().release(std::exchange(held_, 0));
  shared_budget().take(width * height * pixel_bytes);
  held_ = width * height * pixel_bytes;
  check_memory(width, height);
  const auto size = std::size_t(width) * std::size_t(height) * 3;
  Image image{static_cast<int>(width), static_cast<int>(height), {}};
  if (size <= spare.capacity()) image.rgb = std::exchange(spare, {});
  image.rgb.resize(size);
  return image;
}

}  // namespace matcher::image
