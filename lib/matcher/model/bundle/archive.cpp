// A TorchScript file is a ZIP archive with stored records, not compressed ones, and with ZIP64 end records. Reference:
// PKWARE's APPNOTE.TXT 6.3, sections 4.3.7 to 4.5.3.
#include "matcher/model/bundle/archive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <fstream>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "matcher/core/error.hpp"
#include "matcher/core/units.hpp"
#include "matcher/files/file.hpp"

namespace matcher::model {
namespace {

constexpr std::uint64_t metadata_limit = 1 << 26;   // bytes; far more than a vocabulary or a golden sample
constexpr std::uint64_t directory_limit = 1 << 28;  // bytes; far more than any network's directory
constexpr std::uint64_t end_size = 22, locator_size = 20, end64_size = 56, entry_size = 46, header_size = 30;
constexpr std::uint64_t longest_comment = 65535;

struct Directory {
  std::uint64_t offset = 0, size = 0;  // bytes
};

struct Record {
  std::string name;
  std::uint64_t compression = 0, stored_size = 0, size = 0, header_offset = 0;
  bool is_compressed() const { return compression != 0 || size != stored_size; }
};

/// Reads the unsigned little-endian number of `width` bytes at `at`; the caller checks the range.
std::uint64_t number(std::string_view bytes, std::size_t at, std::size_t width) {
  std::uint64_t value = 0;
  for (std::size_t i = width; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

bool has_mark(std::string_view bytes, std::size_t at, char third, char fourth) {
  const char mark[]{'P', 'K', third, fourth};
  return at + 4 <= bytes.size() && bytes.substr(at, 4) == std::string_view(mark, 4);
}

class Archive {
 public:
  explicit Archive(const fs::path& path) : path_(path), in_(open_for_reading(path)) {
    in_.seekg(0, std::ios::end);
    size_ = std::uint64_t(std::max<std::streamoff>(in_.tellg(), 0));
  }

  std::vector<Record> records() {
    check_start();
    const auto directory = find_directory();
    if (directory.size > directory_limit) damaged("its directory is too long");
    return parse_directory(read(directory.offset, directory.size));
  }

  /// Reads a stored record.
  std::string contents(const Record& record) {
    if (record.is_compressed()) damaged(record.name + " is compressed");
    if (record.size > metadata_limit) damaged(record.name + " is longer than " + human_bytes(metadata_limit));
    return read(offset_of(record), record.size);
  }

  /// Returns the position of a record's content, after checking that all of it is in the file.
  std::uint64_t offset_of(const Record& record) {
    const auto header = read(record.header_offset, header_size);
    if (!has_mark(header, 0, 3, 4)) damaged(record.name + " has no header");
    const auto offset = record.header_offset + header_size + number(header, 26, 2) + number(header, 28, 2);
    check_range(offset, record.stored_size);
    return offset;
  }

 private:
  [[noreturn]] void fail(const std::string& reason) const {
    throw Error(ErrorCode::input, fmt::format("{}{}; export or copy it again", path_.string(), reason));
  }
  [[noreturn]] void damaged(const std::string& reason) const { fail(" is damaged: " + reason); }

  void check_range(std::uint64_t offset, std::uint64_t count) const {
    if (offset > size_ || count > size_ - offset) damaged("a record reaches beyond its end");
  }

  std::string read(std::uint64_t offset, std::uint64_t count) {
    check_range(offset, count);
    std::string bytes(count, '\0');
    in_.seekg(std::streamoff(offset));
    if (count > 0 && !in_.read(bytes.data(), std::streamsize(count))) damaged("it cannot be read to its end");
    return bytes;
  }

  void check_start() {
    if (size_ == 0) fail(" is not a TorchScript file (it is empty)");
    auto start = read(0, std::min<std::uint64_t>(size_, 16));
    if (start.starts_with("PK")) return;
    for (auto& c : start) c = std::isprint(static_cast<unsigned char>(c)) && c != '"' ? c : '.';
    fail(fmt::format(" is not a TorchScript file (it starts with \"{}\")", start));
  }

  /// Finds the end record: it ends the file, but for a comment whose length it gives.
  Directory find_directory() {
    const auto length = std::min(size_, end_size + locator_size + longest_comment);
    const auto tail = read(size_ - length, length);
    for (auto at = tail.size(); at-- > 0;) {
      if (!has_mark(tail, at, 5, 6) || tail.size() - at < end_size) continue;
      if (at + end_size + number(tail, at + 20, 2) == tail.size()) return directory_of(tail, at);
    }
    fail(fmt::format(" is truncated: its {} end without the directory of a TorchScript file", human_bytes(size_)));
  }

  Directory directory_of(std::string_view tail, std::size_t end) {
    const bool has64 = end >= locator_size && has_mark(tail, end - locator_size, 6, 7);
    if (!has64) return {number(tail, end + 16, 4), number(tail, end + 12, 4)};
    const auto end64 = read(number(tail, end - locator_size + 8, 8), end64_size);
    if (!has_mark(end64, 0, 6, 6)) damaged("its ZIP64 end record is not in its place");
    return {number(end64, 48, 8), number(end64, 40, 8)};
  }

  std::vector<Record> parse_directory(std::string_view bytes) const {
    std::vector<Record> records;
    while (!bytes.empty()) {
      if (bytes.size() < entry_size || !has_mark(bytes, 0, 1, 2)) damaged("its directory is cut short");
      const auto name = number(bytes, 28, 2), extra = number(bytes, 30, 2), comment = number(bytes, 32, 2);
      if (bytes.size() - entry_size < name + extra + comment) damaged("its directory is cut short");
      records.push_back(parse_record(bytes, name, bytes.substr(entry_size + name, extra)));
      bytes.remove_prefix(entry_size + name + extra + comment);
    }
    return records;
  }

  Record parse_record(std::string_view bytes, std::size_t name, std::string_view extra) const {
    Record record{std::string(bytes.substr(entry_size, name)), number(bytes, 10, 2), number(bytes, 20, 4),
                  number(bytes, 24, 4), number(bytes, 42, 4)};
    widen(record, extra);
    return record;
  }

  /// Replaces numbers whose 32 bits are all ones: their 64 bits are in the extra field 1, in this order.
  static void widen(Record& record, std::string_view extra) {
    constexpr auto elsewhere = std::numeric_limits<std::uint32_t>::max();
    auto wide = extra_field(extra, 1);
    for (auto* value : {&record.size, &record.stored_size, &record.header_offset}) {
      if (*value != elsewhere || wide.size() < 8) continue;
      *value = number(wide, 0, 8);
      wide.remove_prefix(8);
    }
  }

  static std::string_view extra_field(std::string_view extra, std::uint64_t wanted) {
    while (extra.size() >= 4) {
      const auto id = number(extra, 0, 2), length = std::min<std::uint64_t>(number(extra, 2, 2), extra.size() - 4);
      if (id == wanted) return extra.substr(4, length);
      extra.remove_prefix(4 + length);
    }
    return {};
  }

  fs::path path_;
  std::ifstream in_;
  std::uint64_t size_ = 0;  // bytes
};

/// "net/code/x.py" -> "code/x.py": all records are in one root folder of any name.
std::string_view without_root(std::string_view name) { return name.substr(std::min(name.size(), name.find('/') + 1)); }

bool is_code(const Record& record) {
  const auto name = without_root(record.name);
  return name == "constants.pkl" || name.starts_with("code/");
}

void check_torchscript(const fs::path& file, const std::vector<Record>& records) {
  if (std::ranges::any_of(records, is_code)) return;
  const auto has = [&](std::string_view name) {
    return std::ranges::any_of(records,
                               [&](const Record& record) { return without_root(record.name).ends_with(name); });
  };
  const auto* is = " is a ZIP archive but not a TorchScript file: it holds no code";
  if (has("data.pkl"))
    is =
        " is a checkpoint of weights, not TorchScript: it holds no code; build its network in Python, load the weights "
        "and save it with torch.jit.trace(...).save(...)";
  if (has("archive_format") || has("exported_program.json"))
    is = " was made by torch.export, which is not TorchScript; make it with torch.jit.trace(...).save(...)";
  throw Error(ErrorCode::input, file.string() + is);
}

}  // namespace

std::optional<std::string> extra_record(const fs::path& file, const std::string& name) {
  Archive archive(file);
  const auto records = archive.records();
  check_torchscript(file, records);
  const auto found =
      std::ranges::find_if(records, [&](const Record& record) { return without_root(record.name) == "extra/" + name; });
  if (found == records.end()) return std::nullopt;
  return archive.contents(*found);
}

std::vector<StoredRecord> stored_records(const fs::path& file) {
  Archive archive(file);
  const auto records = archive.records();
  check_torchscript(file, records);
  std::vector<StoredRecord> stored;
  for (const auto& record : records) {
    if (record.is_compressed()) continue;
    stored.push_back({std::string(without_root(record.name)), archive.offset_of(record), record.size});
  }
  return stored;
}

}  // namespace matcher::model
