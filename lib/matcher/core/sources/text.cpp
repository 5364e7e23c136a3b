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
    Binary{"\xd0\xcf\x11\xe0"sv, "an old Excel workbook", "Save it as CSV"},
    Binary{"PAR1"sv, "a Parquet file", "Export it as CSV"},
    Binary{"ARROW1"sv, "an Arrow file", "Export it as CSV"},
    Binary{"SQLite format 3"sv, "an SQLite database", "Export it as CSV"},
    Binary{"version https://git-lfs"sv, "a Git LFS pointer", "Fetch the file: git lfs pull"},
    Binary{"<!doctype"sv, "an HTML page", "Fetch the file again: the server answered with a page"},
    Binary{"<!DOCTYPE"sv, "an HTML page", "Fetch the file again: the server answered with a page"},
    Binary{"<html"sv, "an HTML page", "Fetch the file again: the server answered with a page"},
    Binary{"\x93NUMPY"sv, "a numpy array", "Give the CSV of its items"},
    Binary{"\x89HDF"sv, "an HDF5 file", "Export it as CSV"},
    Binary{"%PDF"sv, "a PDF", "Save its table as CSV"},
    Binary{"Rar!"sv, "a RAR archive", "Unpack it"},
    Binary{"7z\xbc\xaf\x27\x1c"sv, "a 7-Zip archive", "Unpack it"},
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

/// Every byte is the character of its number.
std::string from_latin1(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (const char c : bytes) append_utf8(out, static_cast<unsigned char>(c));
  return out;
}

/// Excel and LibreOffice write ZIP archives with known names in front.
Binary kind_of_zip(std::string_view text) {
  const auto start = text.substr(0, 4096);
  const auto has = [&](std::string_view name) { return start.find(name) != std::string_view::npos; };
  if (has("opendocument.spreadsheet")) return {{}, "a spreadsheet (ODS)", "Save it as CSV"};
  if (has("xl/") || has("[Content_Types].xml")) return {{}, "an Excel workbook", "Save it as CSV"};
  return {{}, "a ZIP archive or an Excel workbook", "Unpack it, or save it as CSV"};
}

/// The lines of the first invalid byte and of the first letter of several bytes; 0: none.
struct Utf8Scan {
  std::size_t bad_line = 0, other_line = 0;
  unsigned bad_byte = 0;
};

Utf8Scan scan_utf8(std::string_view text) {
  Utf8Scan scan;
  std::size_t line = 1;
  for (std::size_t at = 0; at < text.size() && !(scan.bad_line && scan.other_line);) {
    const auto c = static_cast<unsigned char>(text[at]);
    line += c == '\n' ? 1 : 0;
    const auto length = c < 0x80 ? 1 : sequence_length(text.substr(at));
    if (length == 0 && scan.bad_line == 0) {
      scan.bad_line = line;
      scan.bad_byte = c;
    }
    if (length > 1 && scan.other_line == 0) scan.other_line = line;
    at += std::max<std::size_t>(length, 1);
  }
  return scan;
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

void refuse_binary(std::string_view text, const std::string& name) {
  const auto refuse = [&](std::string_view what, std::string_view advice) {
    throw Error(ErrorCode::input, fmt::format("\"{}\" is {}, not a text. {}", name, what, advice));
  };
  if (text.starts_with("PK\3\4")) {
    const auto kind = kind_of_zip(text);
    refuse(kind.name, kind.advice);
  }
  for (const auto& [start, what, advice] : kBinaries)
    if (text.starts_with(start)) refuse(what, advice);
  if (text.size() > 262 && text.substr(257, 5) == "ustar") refuse("a tar archive", "Unpack it, or name it NAME.tar");
}

std::string to_utf8(std::string bytes, const std::string& name) {
  const std::string_view text = bytes;
  refuse_binary(text, name);
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

Encoding parse_encoding(std::string_view text) {
  std::string name;
  for (const char c : lower_case(text))
    if (c != '-' && c != '_' && c != ' ') name += c;
  if (name == "utf8") return Encoding::utf8;
  if (name == "utf16" || name == "utf16le" || name == "utf16be") return Encoding::utf16;
  if (name == "latin1" || name == "iso88591") return Encoding::latin1;
  throw Error(ErrorCode::usage, fmt::format("the encoding \"{}\" is unknown; use utf-8, utf-16 or latin-1", text));
}

void check_utf8(std::string_view text, const std::string& name) {
  const auto scan = scan_utf8(text);
  if (scan.bad_line == 0) return;
  const auto bad = fmt::format("{}:{}: the byte {:02x} is not UTF-8", name, scan.bad_line, scan.bad_byte);
  if (scan.other_line != 0)
    throw Error(ErrorCode::input, fmt::format("{}, but line {} has letters in UTF-8: the file mixes two encodings. "
                                              "Save all of it as UTF-8",
                                              bad, scan.other_line));
  throw Error(ErrorCode::input, fmt::format("{}. Save the file as UTF-8; or, if it is Latin-1, say so in a "
                                            "dataset.yaml: encoding: latin-1",
                                            bad));
}

std::string to_valid_utf8(std::string bytes, const std::string& name, Encoding encoding) {
  refuse_binary(bytes, name);
  if (encoding == Encoding::latin1) {
    if (const auto scan = scan_utf8(bytes); scan.bad_line == 0 && scan.other_line != 0)
      throw Error(ErrorCode::input,
                  fmt::format("{}:{}: the file is UTF-8, not Latin-1. Leave the encoding out", name, scan.other_line));
    return from_latin1(bytes);
  }
  if (encoding == Encoding::utf16 && !bytes.starts_with("\xff\xfe") && !bytes.starts_with("\xfe\xff") &&
      bytes.find('\0') == std::string::npos)
    throw Error(ErrorCode::input, fmt::format("\"{}\" is not UTF-16. Leave the encoding out", name));
  auto text = to_utf8(std::move(bytes), name);
  check_utf8(text, name);
  return text;
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
