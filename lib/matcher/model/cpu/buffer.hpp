// Memory for numbers: aligned, in huge pages where the system has them, and kept, so that no page is faulted in twice.
#pragma once

#include <cstddef>
#include <memory>

namespace matcher::model::cpu {

class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(std::size_t bytes);  ///< throws std::bad_alloc
  void* data() const { return memory_.get(); }
  /// At least so many bytes; what was in it may be lost.
  void grow(std::size_t bytes);

 private:
  struct Free {
    void operator()(void* memory) const;
  };
  std::unique_ptr<void, Free> memory_;
  std::size_t bytes_ = 0;
};

}  // namespace matcher::model::cpu
