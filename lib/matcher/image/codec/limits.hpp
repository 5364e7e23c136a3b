// Allocates images within limits, so that small files with huge claims cost neither the memory nor the program.
#pragma once

#include <cerrno>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <new>

#include "matcher/image/image.hpp"

namespace matcher::image {

/// Throws DecodeError, with the numbers, if a side is below 1 or the image has more than 2^28 pixels.
void check_size(std::int64_t width, std::int64_t height);

/// An amount that threads share. A single taker may exceed it if nothing else is taken.
class Budget {
 public:
  explicit Budget(std::int64_t most) : most_(most) {}
  /// Waits until `amount` fits.
  void take(std::int64_t amount);
  void release(std::int64_t amount);

 private:
  std::mutex mutex_;
  std::condition_variable released_;
  std::int64_t held_ = 0;
  const std::int64_t most_;
};

/// Holds memory for the pixels of one image while it lives. All threads share one budget.
class PixelMemory {
 public:
  PixelMemory() = default;
  ~PixelMemory();
  PixelMemory(const PixelMemory&) = delete;
  PixelMemory& operator=(const PixelMemory&) = delete;

  /// Returns a black image. Waits until other threads release enough of the budget. Throws DecodeError as check_size,
  /// and if the image needs more memory than is available.
  Image make(std::int64_t width, std::int64_t height);
  /// The same with any pixels, for a decoder that writes all of them.
  Image make_unset(std::int64_t width, std::int64_t height);
  /// Keeps the memory of an image for the next one of this thread: the system takes as long to clear fresh memory as
  /// libjpeg to compute half of the pixels.
  void reuse(Image image);

 private:
  std::int64_t held_ = 0;  ///< bytes
};

[[noreturn]] void fail_for_memory();

/// Runs `step`, and turns a lack of memory into a DecodeError. libpng, libtiff and libwebp report it like damage of the
/// file, or not at all; malloc leaves ENOMEM.
template <class Step>
auto with_memory_errors(const Step& step) {
  errno = 0;
  try {
    return step();
  } catch (const std::bad_alloc&) {
    fail_for_memory();
  } catch (const DecodeError&) {
    if (errno == ENOMEM) fail_for_memory();
    throw;
  }
}

/// Returns what a library call gave. Throws std::bad_alloc if that is null, and memory ran out during the call.
template <class Call>
auto checked_for_memory(const Call& call) {
  errno = 0;
  auto result = call();
  if (!result && errno == ENOMEM) throw std::bad_alloc();
  return result;
}

}  // namespace matcher::image
