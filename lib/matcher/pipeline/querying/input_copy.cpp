#include "matcher/pipeline/querying/input_copy.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "matcher/core/error.hpp"

namespace matcher::pipeline {
namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 30;

/// Returns 0 at the end.
std::size_t read_some(std::vector<char>& into) {
  for (;;) {
    const auto count = ::read(STDIN_FILENO, into.data(), into.size());
    if (count >= 0) return std::size_t(count);
    pollfd wait{STDIN_FILENO, POLLIN, 0};
    if (errno == EAGAIN)
      ::poll(&wait, 1, -1);
    else if (errno != EINTR)
      throw Error(ErrorCode::input, fmt::format("cannot read the image on standard input: {}", std::strerror(errno)));
  }
}

void write_all(int descriptor, const char* bytes, std::size_t count) {
  while (count > 0) {
    const auto written = ::write(descriptor, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0)
      throw Error(ErrorCode::resource, fmt::format("cannot keep the image of standard input: {}. Write it to a file, "
                                                   "and give its path",
                                                   std::strerror(errno)));
    bytes += written;
    count -= std::size_t(written);
  }
}

void copy_input(int descriptor) {
  std::vector<char> bytes(1 << 16);
  std::size_t total = 0;
  for (auto count = read_some(bytes); count > 0; count = read_some(bytes)) {
    total += count;
    if (total > most_bytes)
      throw Error(ErrorCode::input,
                  "standard input delivers more than 1 GiB, but \"-\" is one image. For a list of "
                  "paths, use --files-from -");
    write_all(descriptor, bytes.data(), count);
  }
}

}  // namespace

InputCopy::InputCopy() : descriptor_(::memfd_create("standard input", MFD_CLOEXEC)) {
  if (descriptor_ < 0)
    throw Error(ErrorCode::resource,
                fmt::format("cannot keep the image of standard input: {}. Write it to a file, and give its path",
                            std::strerror(errno)));
  try {
    copy_input(descriptor_);
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
}

InputCopy::~InputCopy() { ::close(descriptor_); }

std::filesystem::path InputCopy::path() const { return fmt::format("/proc/self/fd/{}", descriptor_); }

}  // namespace matcher::pipeline
