#include "matcher/core/text.hpp"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "matcher/core/error.hpp"

namespace matcher {
namespace {

using namespace std::string_view_literals;

struct Binary {
  std::string_view start, name, advice;
};

constexpr std::array kBinaries{
    Binary{"\x1f\x8b"sv, "compressed by gzip", "Unpack it: gunzip"},
    Binary{"BZh"sv, "compressed by bzip2", "Unpack it: bunzip2"},
    Binary{"\xfd"
           "7zXZ\0"sv,
           "compressed by xz", "Unpack it: unxz"},
    Binary{"\x28\xb5\x2f\xfd"sv, "compressed by Zstandard", "Unpack it: unzstd"},
    Binary{"PK\3\4"sv, "a ZIP archive or an Excel workbook", "Unpack it, or save it as CSV"},
    Binary{"\xd0\xcf\x11\xe0"sv, "an old Excel workbook", "Save it as CSV"},
    Binary{"PAR1"sv, "a Parquet file", "Export it as CSV"},
    Binary{"SQLite format 3"sv, "an SQLite database", "Export it as CSV"},
    Binary{"version https://git-lfs"sv, "a Git LFS pointer", "Fetch the file: git lfs pull"},
    Binary{"<!doctype"sv, "an HTML page", "Fetch the file again: the server answered with a page"},
    Binary{"<!DOCTYPE"sv, "an HTML page", "Fetch the file again: the server answered with a page"},
    Binary{"<html"sv, "an HTML page", "Fetch the file again: the server answered with a page"},
};

void append_utf8(std::string& out, std::uint32_t point) {
  if (point < 0x80) {
    out += static_cast<char>(point);
    return;
  }
  const int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  constexpr std::array<std::uint32_t, 4> leads{0, 0xc0, 0xe0, 0xf0};
  out += static_cast<char>(leads[std::size_t(more)] | point >> 6 * more);
  for (int i = more - 1; i >= 0; --i) out += static_cast<char>(0x80 | (point >> 6 * i & 0x3f));
}

/// Units of 16 bits to UTF-8; a surrogate without its partner becomes U+FFFD.
std::string from_utf16(std::string_view bytes, bool big_endian) {
  const auto unit = [&](std::size_t i) -> std::uint32_t {
    const auto first = static_cast<unsigned char>(bytes[2 * i]), second = static_cast<unsigned char>(bytes[2 * i + 1]);
    return big_endian ? std::uint32_t(first) << 8 | second : std::uint32_t(second) << 8 | first;
  };
  std::string out;
  const std::size_t units = bytes.size() / 2;
  for (std::size_t i = 0; i < units; ++i) {
    std::uint32_t point = unit(i);
    const bool has_partner = point >> 10 == 0x36 && i + 1 < units && unit(i + 1) >> 10 == 0x37;
    if (has_partner) point = 0x10000 + ((point & 0x3ff) << 10 | (unit(++i) & 0x3ff));
    append_utf8(out, point >> 11 == 0x1b ? 0xfffd : point);
  }
  return out;
}

struct Character {
  std::size_t bytes = 1, cells = 1;
};

/// Measures the first character of a text that is not empty.
Character measure_character(std::string_view text) {
  const std::size_t length = sequence_length(text);
  if (length <= 1) return {};
  utf8proc_int32_t point = 0;
  utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), utf8proc_ssize_t(length), &point);
  return {length, std::size_t(utf8proc_charwidth(point))};
}

}  // namespace

std::string to_utf8(std::string bytes, const std::string& name) {
  const std::string_view text = bytes;
  for (const auto& [start, what, advice] : kBinaries) {
    if (!text.starts_with(start)) continue;
    throw Error(ErrorCode::input, fmt::format("\"{}\" is {}, not a text. {}", name, what, advice));
  }
  if (text.starts_with("\xff\xfe\0\0"sv) || text.starts_with("\0\0\xfe\xff"sv))
    throw Error(ErrorCode::input, fmt::format("\"{}\" is UTF-32. Save it as UTF-8", name));
  if (text.starts_with("\xff\xfe")) return from_utf16(text.substr(2), false);
  if (text.starts_with("\xfe\xff")) return from_utf16(text.substr(2), true);
  if (text.starts_with("\xef\xbb\xbf")) return std::string(text.substr(3));
  if (text.find('\0') == std::string::npos) return bytes;
  if (text.size() > 3 && text[0] != '\0' && text[1] == '\0' && text[2] != '\0') return from_utf16(text, false);
  if (text.size() > 3 && text[0] == '\0' && text[1] != '\0' && text[2] == '\0') return from_utf16(text, true);
  throw Error(ErrorCode::input, fmt::format("\"{}\" is a binary file, not a text. Save it as CSV in UTF-8", name));
}

std::size_t sequence_length(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = at(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xc2 && lead < 0xe0   ? 2
                             : lead >= 0xe0 && lead < 0xf0 ? 3
                             : lead >= 0xf0 && lead < 0xf5 ? 4
                                                           : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if (at(i) >> 6 != 2) return 0;
  const bool is_overlong = (lead == 0xe0 && at(1) < 0xa0) || (lead == 0xf0 && at(1) < 0x90);
  const bool is_beyond = (lead == 0xed && at(1) >= 0xa0) || (lead == 0xf4 && at(1) >= 0x90);
  return is_overlong || is_beyond ? 0 : length;
}

std::string valid_utf8(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    out += length == 0 ? "\xef\xbf\xbd"sv : text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

std::string_view fitting_start(std::string_view text, std::size_t cells) {
  std::size_t end = 0, used = 0;
  while (end < text.size()) {
    const auto [length, width] = measure_character(text.substr(end));
    if (used + width > cells) break;
    end += length;
    used += width;
  }
  return text.substr(0, end);
}

std::size_t cell_count(std::string_view text) {
  std::size_t cells = 0;
  while (!text.empty()) {
    const auto [length, width] = measure_character(text);
    cells += width;
    text.remove_prefix(length);
  }
  return cells;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return lower;
}

}  // namespace matcher
