#include "matcher/index/file/index_file.hpp"

#include <faiss/Index.h>
#include <faiss/impl/io.h>
#include <faiss/index_io.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <new>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/core/hash.hpp"
#include "matcher/core/schemas.hpp"
#include "matcher/core/units.hpp"
#include "matcher/index/file/reason.hpp"

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

class StreamReader : public faiss::IOReader {
 public:
  explicit StreamReader(std::ifstream& in) : in_(in) {}

  std::size_t operator()(void* data, std::size_t size, std::size_t count) override {
    in_.read(static_cast<char*>(data), std::streamsize(size * count));
    return size == 0 ? count : std::size_t(in_.gcount()) / size;
  }

 private:
  std::ifstream& in_;
};

[[noreturn]] void fail_damaged(const fs::path& file, const std::string& why) {
  throw Error(ErrorCode::input,
              fmt::format("index file \"{}\" is damaged ({}); {}", file.string(), why, rebuild_hint(file)));
}

std::string read_at(std::ifstream& in, std::uintmax_t offset, std::size_t size) {
  std::string text(size, '\0');
  in.clear();
  in.seekg(std::streamoff(offset));
  in.read(text.data(), std::streamsize(size));
  text.resize(std::size_t(in.gcount()));
  return text;
}

std::string hash_first(std::ifstream& in, std::uintmax_t size) {
  Hasher hasher;
  for (std::uintmax_t done = 0; done < size;) {
    const auto piece = read_at(in, done, std::size_t(std::min<std::uintmax_t>(piece_size, size - done)));
    if (piece.empty()) break;
    hasher.bytes(std::as_bytes(std::span(piece)));
    done += piece.size();
  }
  return hasher.hex();
}

/// Checks the hash of a file and returns the type in its last line.
std::string verify_type(const fs::path& file, std::ifstream& in) {
  const auto size = fs::file_size(file);
  const auto length = std::size_t(std::min<std::uintmax_t>(size, last_line_limit));
  const auto tail = read_at(in, size - length, length);
  const auto start = tail.rfind(last_line_start);
  if (tail.size() < seal_size || start == std::string::npos || tail.back() != '\n')
    fail_damaged(file, "its last line is missing");
  const auto seal = tail.size() - seal_size;
  const auto type = start + last_line_start.size();
  if (type + 1 > seal) fail_damaged(file, "its last line is cut");
  if (hash_first(in, size - seal_size) != tail.substr(seal, seal_size - 1)) fail_damaged(file, "its hash differs");
  return tail.substr(type, seal - type - 1);
}

}  // namespace

std::string rebuild_hint(const fs::path& file) {
  const auto folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  return fmt::format("rebuild it with: matcher index --model M --dataset D --output {}", folder.string());
}

void write_index_file(const fs::path& file, const faiss::Index& index, const std::string& type) {
  AtomicFile out(file);
  HashingWriter writer(out);
  try {
    faiss::write_index(&index, &writer);
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    throw Error(ErrorCode::usage, fmt::format("FAISS cannot save an index of type \"{}\" ({}); choose another --type",
                                              type, reason_of(error)));
  }
  writer.seal(type);
  out.commit();
}

IndexFile read_index_file(const fs::path& file) {
  if (!fs::exists(file)) {
    throw Error(ErrorCode::input,
                fmt::format("index file \"{}\" does not exist; {}", file.string(), rebuild_hint(file)));
  }
  auto in = open_for_reading(file);
  auto type = verify_type(file, in);
  in.clear();
  in.seekg(0);
  StreamReader reader(in);
  try {
    return {std::unique_ptr<faiss::Index>(faiss::read_index(&reader)), std::move(type)};
  } catch (const std::bad_alloc&) {
    throw Error(
        ErrorCode::resource,
        fmt::format(
            "not enough memory to load index file \"{}\" of {}; use a machine with more, or an index of another --type",
            file.string(), human_bytes(fs::file_size(file))));
  } catch (const std::exception& error) {
    fail_damaged(file, reason_of(error));
  }
}

}  // namespace matcher::index
