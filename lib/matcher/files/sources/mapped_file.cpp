#include "matcher/files/mapped_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

#include "matcher/core/error.hpp"

namespace matcher {

MappedFile::MappedFile(const std::filesystem::path& path) {
  const auto unreadable = [&](int reason) {
    throw Error(ErrorCode::input, fmt::format("cannot read \"{}\": {}", path.string(), std::strerror(reason)));
  };
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // opening a pipe must not wait
  if (descriptor < 0) unreadable(errno);
  struct stat about {};
  int reason = ::fstat(descriptor, &about) == 0 ? 0 : errno;
  if (reason == 0 && !S_ISREG(about.st_mode)) reason = S_ISDIR(about.st_mode) ? EISDIR : EINVAL;
  const auto size = std::size_t(about.st_size);
  void* mapping = reason != 0 || size == 0 ? nullptr : ::mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor, 0);
  ::close(descriptor);
  if (reason != 0) unreadable(reason);
  if (mapping == MAP_FAILED) {
    throw Error(ErrorCode::resource,
                fmt::format("cannot map \"{}\" into memory: {}. Free some memory, or raise the limit (ulimit -v)",
                            path.string(), std::strerror(errno)));
  }
  bytes_ = {static_cast<const std::byte*>(mapping), size};
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

void release_pages(std::span<const std::byte> mapped) {
  const auto page = std::uintptr_t(::sysconf(_SC_PAGESIZE));
  const auto start = (reinterpret_cast<std::uintptr_t>(mapped.data()) + page - 1) / page * page;
  const auto end = reinterpret_cast<std::uintptr_t>(mapped.data() + mapped.size()) / page * page;
  if (start < end) ::madvise(reinterpret_cast<void*>(start), end - start, MADV_DONTNEED);
}

}  // namespace matcher
