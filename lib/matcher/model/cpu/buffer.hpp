// Memory for numbers: aligned, in huge pages if possible, and reused, so that each page faults only once.
#pragma once

#include <cstddef>
#include <memory>

namespace matcher::model::cpu {

class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(std::size_t bytes);  ///< throws std::bad_alloc
  void* data() const { return memory_.get(); }
  /// Grows to at least `bytes`; the content may be lost.
  void grow(std::size_t bytes);

 private:
  struct Free {
    void operator()(void* memory) const;
  };
  std::unique_ptr<void, Free> memory_;
  std::size_t bytes_ = 0;
};

}  // namespace matcher::model::cpu
