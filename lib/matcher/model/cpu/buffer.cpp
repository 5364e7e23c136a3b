#include "matcher/model/cpu/buffer.hpp"

#include <sys/mman.h>

#include <cstdlib>
#include <new>

namespace matcher::model::cpu {
namespace {

constexpr std::size_t huge_page = std::size_t(1) << 21, cache_line = 64;  // bytes

}  // namespace

void Buffer::Free::operator()(void* memory) const { std::free(memory); }

Buffer::Buffer(std::size_t bytes) : bytes_(bytes) {
  const auto alignment = bytes >= huge_page ? huge_page : cache_line;
  memory_.reset(std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment));
  if (!memory_) throw std::bad_alloc();
  // A failure is harmless: without huge pages it is only slower.
  if (bytes >= huge_page) ::madvise(memory_.get(), bytes, MADV_HUGEPAGE);
}

void Buffer::grow(std::size_t bytes) {
  if (bytes <= bytes_) return;
  *this = Buffer();
  *this = Buffer(bytes);
}

}  // namespace matcher::model::cpu
