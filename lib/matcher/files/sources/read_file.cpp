#include "matcher/files/read_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <span>

#include "matcher/core/error.hpp"
#include "matcher/core/units.hpp"

namespace matcher {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t endless = 1 << 26;  ///< bytes from a pipe or a device

/// A lack of descriptors or memory says nothing about the file.
[[noreturn]] void fail_reading(const fs::path& path, int error) {
  const bool no_descriptor = error == EMFILE || error == ENFILE, is_lack = no_descriptor || error == ENOMEM;
  throw Error(is_lack ? ErrorCode::resource : ErrorCode::input,
              fmt::format("cannot read \"{}\": {}{}", path.string(), std::strerror(error),
                          no_descriptor ? ". Allow more open files (ulimit -n), or use fewer --threads" : ""));
}

std::string describe_special(const fs::path& path, const char* reason) {
  return fmt::format("cannot read \"{}\": it is a pipe or a device, and {}. Give a regular file", path.string(),
                     reason);
}

void check_regular(const fs::path& path, const struct stat& about) {
  if (S_ISDIR(about.st_mode)) fail_reading(path, EISDIR);
  if (!S_ISREG(about.st_mode))
    throw Error(ErrorCode::input, fmt::format("cannot read \"{}\": not a regular file", path.string()));
}

std::vector<std::byte> allocate(const fs::path& path, std::size_t size) try {
  return std::vector<std::byte>(size);
} catch (const std::exception&) {
  throw Error(ErrorCode::input,
              fmt::format("cannot read \"{}\": not enough memory for its {}", path.string(), human_bytes(size)));
}

/// A file open for reading. Opening never waits: a pipe without a writer is empty.
class InputDescriptor {
 public:
  explicit InputDescriptor(const fs::path& path)
      : path_(path), descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    if (descriptor_ < 0) fail_reading(path, errno);
  }
  ~InputDescriptor() { ::close(descriptor_); }
  InputDescriptor(const InputDescriptor&) = delete;
  InputDescriptor& operator=(const InputDescriptor&) = delete;

  struct stat about() const {
    struct stat found {};
    if (::fstat(descriptor_, &found) != 0) fail_reading(path_, errno);
    return found;
  }

  /// Reads up to `into.size()` bytes; 0 at the end. Waits while a pipe has a writer.
  std::size_t read(std::span<std::byte> into) const {
    for (;;) {
      const auto count = ::read(descriptor_, into.data(), into.size());
      if (count >= 0) return std::size_t(count);
      if (errno != EAGAIN && errno != EINTR) fail_reading(path_, errno);
      pollfd wait{descriptor_, POLLIN, 0};
      if (errno == EAGAIN) ::poll(&wait, 1, -1);
    }
  }

 private:
  const fs::path& path_;
  int descriptor_;
};

}  // namespace

std::ifstream open_for_reading(const fs::path& path) {
  check_regular(path, InputDescriptor(path).about());
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) fail_reading(path, errno ? errno : EIO);
  return in;
}

std::vector<std::byte> read_bytes(const fs::path& path) {
  const InputDescriptor in(path);
  const auto about = in.about();
  check_regular(path, about);
  std::vector<std::byte> bytes = allocate(path, static_cast<std::size_t>(about.st_size));
  for (std::span<std::byte> rest(bytes); !rest.empty();) {
    const std::size_t count = in.read(rest);
    if (count == 0) fail_reading(path, EIO);  // it became shorter
    rest = rest.subspan(count);
  }
  return bytes;
}

std::string read_text(const fs::path& path) {
  const InputDescriptor in(path);
  const auto about = in.about();
  if (S_ISDIR(about.st_mode)) fail_reading(path, EISDIR);
  const bool is_regular = S_ISREG(about.st_mode);
  std::string text;
  std::vector<std::byte> piece(1 << 16);
  for (std::size_t count = in.read(piece); count > 0; count = in.read(piece)) {
    text.append(reinterpret_cast<const char*>(piece.data()), count);
    if (!is_regular && text.size() > endless) throw Error(ErrorCode::input, describe_special(path, "it does not end"));
  }
  if (text.empty() && S_ISFIFO(about.st_mode))
    throw Error(ErrorCode::input, describe_special(path, "nothing writes to it"));
  return text;
}

}  // namespace matcher
