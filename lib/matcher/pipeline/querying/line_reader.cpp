#include "matcher/pipeline/querying/line_reader.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "matcher/core/error.hpp"
#include "matcher/files/paths.hpp"

namespace matcher::pipeline {
namespace {

constexpr std::size_t longest_line = 1 << 20;

[[noreturn]] void fail_reading(const std::filesystem::path& path, std::string_view why) {
  throw Error(ErrorCode::input, path == "-" ? fmt::format("cannot read the list on standard input: {}", why)
                                            : fmt::format("cannot read the list \"{}\": {}", path.string(), why));
}

int open_list(const std::filesystem::path& path) {
  if (path == "-") return STDIN_FILENO;
  if (is_folder(path)) fail_reading(path, "it is a folder. Give the folder as an image instead");
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) fail_reading(path, std::strerror(errno));
  return descriptor;
}

}  // namespace

LineReader::LineReader(const std::filesystem::path& file, LineEnd end)
    : path_(file), end_(end), descriptor_(open_list(file)) {}

LineReader::~LineReader() {
  if (descriptor_ != STDIN_FILENO) ::close(descriptor_);
}

std::vector<std::string> LineReader::read(Wait wait) {
  std::vector<std::string> lines;
  while (!ended_ && fill(wait)) {
    take_lines(lines);
    if (!lines.empty()) break;
  }
  return lines;
}

/// Adds the next bytes to the line that has not ended. Returns false if there are none now.
bool LineReader::fill(Wait wait) {
  std::array<char, 1 << 16> bytes;
  pollfd source{descriptor_, POLLIN, 0};
  const int ready = ::poll(&source, 1, wait == Wait::no ? 0 : -1);
  if (ready == 0) return false;
  if (ready < 0 && errno == EINTR) return wait == Wait::for_a_line;
  const auto count = ::read(descriptor_, bytes.data(), bytes.size());
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return wait == Wait::for_a_line;
  if (count < 0) fail_reading(path_, std::strerror(errno));
  rest_.append(bytes.data(), std::size_t(count));
  ended_ = count == 0;
  return true;
}

void LineReader::take_lines(std::vector<std::string>& lines) {
  const char mark = end_ == LineEnd::nul ? '\0' : '\n';
  std::size_t start = 0;
  for (auto at = rest_.find(mark); at != std::string::npos; at = rest_.find(mark, start)) {
    if (auto line = take_line({rest_.data() + start, at - start}); !line.empty()) lines.push_back(std::move(line));
    start = at + 1;
  }
  rest_.erase(0, start);
  if (rest_.size() > longest_line) fail_reading(path_, "a line is longer than 1 MiB. Give a list of paths");
  if (!ended_) return;
  if (auto line = take_line(rest_); !line.empty()) lines.push_back(std::move(line));
  rest_.clear();
}

std::string LineReader::take_line(std::string_view text) const {
  if (end_ == LineEnd::nul) return std::string(text);
  if (text.ends_with('\r')) text.remove_suffix(1);
  if (text.find('\0') != std::string_view::npos)
    fail_reading(path_,
                 "a line contains a NUL byte. If the paths end with NUL, as find -print0 writes them, add --null");
  return std::string(text);
}

}  // namespace matcher::pipeline
