#include "matcher/index/file/index_file.hpp"

#include <faiss/Index.h>
#include <faiss/impl/io.h>
#include <faiss/index_io.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <new>

#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"
#include "matcher/core/schemas.hpp"
#include "matcher/core/units.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/hash.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/index/file/input.hpp"
#include "matcher/index/file/reason.hpp"
#include "matcher/index/file/structure.hpp"

namespace matcher::index {
namespace {

constexpr std::size_t piece_size = 1 << 20;
constexpr std::size_t seal_size = 33;  // 32 hex digits and a line end
constexpr std::size_t last_line_limit = 300;
const std::string last_line_start = fmt::format("\n{} ", schema::index_file);

/// Writes and hashes in pieces. FAISS hands over whole arrays, which would fill the buffer of the file with a copy.
class HashingWriter : public faiss::IOWriter {
 public:
  explicit HashingWriter(AtomicFile& out) : out_(out) {}

  std::size_t operator()(const void* data, std::size_t size, std::size_t count) override {
    write({static_cast<const std::byte*>(data), size * count});
    return count;
  }

  void write(std::span<const std::byte> rest) {
    while (!rest.empty()) {
      const auto piece = rest.first(std::min(rest.size(), piece_size));
      hasher_.bytes(piece);
      out_.write(piece);
      rest = rest.subspan(piece.size());
    }
  }

  void seal(const std::string& type) {
    const auto line = fmt::format("{}{} ", last_line_start, type);
    write(std::as_bytes(std::span(line)));
    out_.write(hasher_.hex() + "\n");
  }

 private:
  AtomicFile& out_;
  Hasher hasher_;
};

/// Reads the first `size` bytes of a file.
class StreamReader : public faiss::IOReader {
 public:
  StreamReader(std::ifstream& in, std::uintmax_t size) : in_(in), rest_(size) {
    in_.clear();
    in_.seekg(0);
  }

  std::size_t operator()(void* data, std::size_t size, std::size_t count) override {
    if (size == 0 || count > rest_ / size) return size == 0 ? count : 0;
    in_.read(static_cast<char*>(data), std::streamsize(size * count));
    rest_ -= size * count;
    return std::size_t(in_.gcount()) / size;
  }

 private:
  std::ifstream& in_;
  std::uintmax_t rest_;
};

[[noreturn]] void fail_damaged(const fs::path& file, const std::string& why) {
  throw Error(ErrorCode::input,
              fmt::format("index file \"{}\" is damaged ({}); {}", file.string(), why, rebuild_hint(file)));
}

std::string describe_unknown(const fs::path& file, const std::string& mark) {
  return fmt::format(
      "index file \"{}\" has a part of FAISS's kind \"{}\", which matcher does not search, because it cannot check it",
      file.string(), mark);
}

std::string read_at(std::ifstream& in, std::uintmax_t offset, std::size_t size) {
  std::string text(size, '\0');
  in.clear();
  in.seekg(std::streamoff(offset));
  in.read(text.data(), std::streamsize(size));
  text.resize(std::size_t(in.gcount()));
  return text;
}

/// The last line of an index file.
struct LastLine {
  std::uintmax_t start = 0;  ///< bytes before it
  std::string type;
  std::string hashed;  ///< the part of the line that the hash covers
  std::string hash;
};

bool is_printable(const std::string& text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

LastLine read_last_line(const fs::path& file, std::ifstream& in) {
  in.seekg(0, std::ios::end);
  const auto size = std::uintmax_t(std::max<std::streamoff>(0, in.tellg()));
  const auto length = std::size_t(std::min<std::uintmax_t>(size, last_line_limit));
  const auto tail = read_at(in, size - length, length);
  const auto start = tail.rfind(last_line_start);
  if (tail.size() < seal_size || start == std::string::npos || tail.back() != '\n')
    fail_damaged(file, "its last line is missing");
  const auto seal = tail.size() - seal_size, type = start + last_line_start.size();
  if (type + 1 > seal) fail_damaged(file, "its last line is cut");
  LastLine line{size - tail.size() + start, tail.substr(type, seal - type - 1), tail.substr(start, seal - start),
                tail.substr(seal, seal_size - 1)};
  if (!is_printable(line.type)) fail_damaged(file, "its last line is unreadable");
  return line;
}

/// Checks the structure of a file and its hash, in one pass. Damage by accident is reported as such. Throws
/// UnknownStructure for a class that matcher cannot check.
void check_content(const fs::path& file, std::ifstream& in, const LastLine& line) {
  HashingInput content(in, line.start);
  std::exception_ptr invalid;
  try {
    check_structure(content);
  } catch (const InvalidStructure&) {
    invalid = std::current_exception();
  }
  if (content.finish(line.hashed) != line.hash) fail_damaged(file, "its hash differs");
  if (invalid) std::rethrow_exception(invalid);
}

void check_hash(const fs::path& file, const std::string& hash, const std::string& wanted) {
  if (wanted.empty() || hash == wanted) return;
  throw Error(ErrorCode::mismatch,
              fmt::format("index file \"{}\" belongs to another index: its hash is {}, but manifest.json has {}; {}",
                          file.string(), short_fingerprint(hash), short_fingerprint(wanted), rebuild_hint(file)));
}

/// Reads a written index back, so that an unreadable one fails at once and not at the next search. Returns its hash.
std::string check_written(const fs::path& file) {
  auto in = open_for_reading(file);
  try {
    const auto line = read_last_line(file, in);
    check_content(file, in, line);
    return line.hash;
  } catch (const UnknownStructure& unknown) {
    throw Error(ErrorCode::usage,
                fmt::format("{}; use --type flat, hnsw, ivf-flat or ivf-pq", describe_unknown(file, unknown.what())));
  } catch (const InvalidStructure& invalid) {
    fail_damaged(file, invalid.what());
  }
}

}  // namespace

std::string rebuild_hint(const fs::path& file) {
  const auto folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  return fmt::format("rebuild it with: matcher index --model M --dataset D --output {}", folder.string());
}

std::string write_index_file(const fs::path& file, const faiss::Index& index, const std::string& type) {
  AtomicFile out(file);
  HashingWriter writer(out);
  try {
    faiss::write_index(&index, &writer);
  } catch (const Error&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    throw Error(ErrorCode::usage, fmt::format("FAISS cannot save an index of type \"{}\" ({}); choose another --type",
                                              type, reason_of(error)));
  }
  writer.seal(type);
  out.commit();
  return check_written(file);
}

IndexFile read_index_file(const fs::path& file, const std::string& wanted_hash) {
  if (!path_exists(file)) {
    throw Error(ErrorCode::input,
                fmt::format("index file \"{}\" does not exist; {}", file.string(), rebuild_hint(file)));
  }
  auto in = open_for_reading(file);
  auto line = read_last_line(file, in);
  try {
    check_content(file, in, line);
    check_hash(file, line.hash, wanted_hash);
    StreamReader reader(in, line.start);
    return {std::unique_ptr<faiss::Index>(faiss::read_index(&reader)), std::move(line.type)};
  } catch (const Error&) {
    throw;
  } catch (const UnknownStructure& unknown) {
    throw Error(ErrorCode::input, fmt::format("{}; {}", describe_unknown(file, unknown.what()), rebuild_hint(file)));
  } catch (const InvalidStructure& invalid) {
    fail_damaged(file, invalid.what());
  } catch (const std::bad_alloc&) {
    throw Error(
        ErrorCode::resource,
        fmt::format(
            "not enough memory to load index file \"{}\" of {}; use a machine with more, or an index of another --type",
            file.string(), human_bytes(line.start)));
  } catch (const std::exception& error) {
    fail_damaged(file, reason_of(error));
  }
}

}  // namespace matcher::index
