#include "matcher/run/folder/hashed_lines.hpp"

#include <span>
#include <utility>

#include "matcher/files/read_check.hpp"

namespace matcher::run {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

}  // namespace

LineReader::LineReader(fs::path file) : file_(std::move(file)), in_(open_for_reading(file_)) {}

bool LineReader::next(std::string& line) {
  if (!std::getline(in_, line)) {
    check_read_to_end(in_, file_);
    return false;
  }
  ++number_;
  hasher_.bytes(bytes_of(line));
  if (!in_.eof()) hasher_.bytes(bytes_of("\n"));
  return true;
}

void LineWriter::write(std::string_view lines) {
  hasher_.bytes(bytes_of(lines));
  out_.write(lines);
}

std::string LineWriter::finish() {
  out_.sync();
  out_.close();
  return hasher_.hex();
}

}  // namespace matcher::run
