#include "matcher/dataset/formats/tar_file.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "matcher/core/error.hpp"
#include "matcher/core/text.hpp"

namespace matcher::dataset {
namespace {

constexpr std::size_t block = 512;

[[noreturn]] void fail(const std::string& what) { throw Error(ErrorCode::input, what); }

std::string_view until_zero(std::string_view field) { return field.substr(0, field.find('\0')); }

/// A number in octal digits, or as GNU tar writes large ones: base 256 behind a byte of 0x80.
std::optional<std::uint64_t> parse_number(std::string_view field) {
  std::uint64_t value = 0;
  if ((static_cast<unsigned char>(field[0]) & 0x80) != 0) {
    for (const char c : field.substr(1)) value = value << 8 | static_cast<unsigned char>(c);
    return value;
  }
  const auto first = field.find_first_not_of(" \0");
  const auto text = first == std::string_view::npos ? std::string_view() : field.substr(first);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 8);
  return error == std::errc() ? std::optional(value) : std::nullopt;
}

/// The sum of a header's bytes, with its own field as spaces.
std::uint64_t checksum(std::string_view header) {
  constexpr std::size_t first = 148, last = 156;
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < block; ++i)
    sum += i >= first && i < last ? std::uint64_t(' ') : static_cast<unsigned char>(header[i]);
  return sum;
}

bool is_zero(std::string_view header) { return header.find_first_not_of('\0') == std::string_view::npos; }

bool is_header(std::string_view header) {
  const auto written = parse_number(header.substr(148, 8));
  return written && *written == checksum(header);
}

/// "path" and "size" of a pax header: records such as "30 path=name\n".
struct Pax {
  std::string path;
  std::optional<std::uint64_t> size;
};

void read_pax(std::string_view records, Pax& pax) {
  while (!records.empty()) {
    std::size_t length = 0;
    const auto [end, error] = std::from_chars(records.data(), records.data() + records.size(), length);
    const auto start = std::size_t(end - records.data()) + 1;
    if (error != std::errc() || length > records.size() || length <= start) return;
    const auto record = records.substr(start, length - start - 1);
    if (record.starts_with("path=")) pax.path = record.substr(5);
    if (record.starts_with("size=")) {
      std::uint64_t size = 0;
      std::from_chars(record.data() + 5, record.data() + record.size(), size);
      pax.size = size;
    }
    records.remove_prefix(length);
  }
}

std::string ustar_name(std::string_view header) {
  const auto name = std::string(until_zero(header.substr(0, 100)));
  const auto prefix =
      header.substr(257, 6) == std::string_view("ustar\0", 6) ? until_zero(header.substr(345, 155)) : "";
  return prefix.empty() ? name : std::string(prefix) + "/" + name;
}

/// Walks headers, and remembers what a header says of the next one.
class Walk {
 public:
  Walk(std::string_view text, const std::string& name) : text_(text), name_(name) {}

  /// Finds the next regular file; false at the end.
  bool next(TarMember& member) {
    for (;;) {
      if (at_ == text_.size()) return false;
      if (text_.size() - at_ < block) fail_cut(at_ + block);
      const auto header = text_.substr(at_, block);
      if (is_zero(header)) {
        has_end = true;
        return false;
      }
      if (!is_header(header)) fail(fmt::format("\"{}\" is damaged: no header at byte {}. Fetch it again", name_, at_));
      if (take(header, member)) return true;
    }
  }

  bool has_end = false;

 private:
  bool take(std::string_view header, TarMember& member) {
    const char type = header[156];
    auto size = parse_number(header.substr(124, 12)).value_or(0);
    const bool is_meta = type == 'x' || type == 'g' || type == 'L' || type == 'K';
    if (!is_meta && next_.size) size = *next_.size;
    if (!is_meta) last_ = next_.path.empty() ? ustar_name(header) : next_.path;
    const auto start = at_ + block, padded = (size + block - 1) / block * block;
    if (size > text_.size() - start) fail_cut(start + size);
    const auto content = text_.substr(start, size);
    at_ = std::min<std::size_t>(start + padded, text_.size());
    if (type == 'x') read_pax(content, next_);
    if (type == 'L') next_.path = until_zero(content);
    if (is_meta) return false;
    next_ = {};
    if (type != '0' && type != '\0' && type != '7') return false;
    member = {last_, start, size, content};
    return true;
  }

  [[noreturn]] void fail_cut(std::uint64_t wanted) const {
    fail(fmt::format("\"{}\" is cut short{}: it has {} bytes, at least {} expected. Fetch it again", name_,
                     last_.empty() ? "" : fmt::format(" at \"{}\"", last_), text_.size(), wanted));
  }

  std::string_view text_;
  const std::string& name_;
  std::size_t at_ = 0;
  Pax next_;
  std::string last_;
};

}  // namespace

TarFile::TarFile(const std::filesystem::path& path) : name_(path.string()), file_(path) {
  text_ = {reinterpret_cast<const char*>(file_.bytes().data()), file_.bytes().size()};
  if (text_.empty()) fail(fmt::format("\"{}\" is empty", name_));
  if (text_.starts_with("\x1f\x8b") || text_.starts_with("BZh") ||
      text_.starts_with("\xfd"
                        "7zXZ") ||
      text_.starts_with("\x28\xb5\x2f\xfd"))
    fail(fmt::format("\"{}\" is compressed, so its images cannot be read in place. Unpack it to a plain .tar", name_));
  if (text_.size() >= block && (is_zero(text_.substr(0, block)) || is_header(text_.substr(0, block)))) return;
  refuse_binary(text_.substr(0, 256), name_);
  fail(fmt::format("\"{}\" is not a tar archive{}. Fetch it again", name_,
                   text_.size() < block ? fmt::format(": it has only {} bytes", text_.size()) : ""));
}

void TarFile::for_each(const std::function<void(const TarMember&)>& use) const {
  Walk walk(text_, name_);
  for (TarMember member; walk.next(member);) use(member);
  has_end_ = walk.has_end;
}

}  // namespace matcher::dataset
