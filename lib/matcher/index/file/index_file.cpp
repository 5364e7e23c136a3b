#include "matcher/index/file/index_file.hpp"

#include <faiss/Index.h>
#include <faiss/impl/io.h>
#include <faiss/index_io.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <new>
#include <stdexcept>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/core/hash.hpp"
#include "matcher/core/units.hpp"
#include "matcher/index/faiss/factory.hpp"

namespace matcher::index {
namespace {

constexpr std::size_t piece_size = 1 << 20;
constexpr std::size_t seal_size = 33;  // 32 hex digits and a line end
constexpr std::size_t last_line_limit = 300;
constexpr std::string_view last_line_start = "\nmatcher.index/1 ";

/// FAISS hands over whole arrays; in pieces they are not copied as a whole into the buffer of the file.
class HashingWriter : public faiss::IOWriter {
 public:
  explicit HashingWriter(OutputFile& out) : out_(out) {}

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
  OutputFile& out_;
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
              fmt::format("index file {} is damaged ({}); {}", file.string(), why, rebuild_hint(file)));
}

std::string read_at(std::ifstream& in, std::uintmax_t offset, std::size_t size) {
  std::string text(size, '\0');
  in.clear();
  in.seekg(std::streamoff(offset));
  in.read(text.data(), std::streamsize(size));
  text.resize(std::size_t(in.gcount()));
  return text;
}

std::string hash_of_first(std::ifstream& in, std::uintmax_t size) {
  Hasher hasher;
  for (std::uintmax_t done = 0; done < size;) {
    const auto piece = read_at(in, done, std::size_t(std::min<std::uintmax_t>(piece_size, size - done)));
    if (piece.empty()) break;
    hasher.bytes(std::as_bytes(std::span(piece)));
    done += piece.size();
  }
  return hasher.hex();
}

/// The type in the last line of a file whose hash is right.
std::string verified_type(const fs::path& file, std::ifstream& in) {
  const auto size = fs::file_size(file);
  const auto length = std::size_t(std::min<std::uintmax_t>(size, last_line_limit));
  const auto tail = read_at(in, size - length, length);
  const auto start = tail.rfind(last_line_start);
  if (tail.size() < seal_size || start == std::string::npos || tail.back() != '\n')
    fail_damaged(file, "its last line is missing");
  const auto seal = tail.size() - seal_size;
  const auto type = start + last_line_start.size();
  if (type + 1 > seal) fail_damaged(file, "its last line is cut");
  if (hash_of_first(in, size - seal_size) != tail.substr(seal, seal_size - 1))
    fail_damaged(file, "its hash is not right");
  return tail.substr(type, seal - type - 1);
}

/// Removes what was not renamed.
class TemporaryFile {
 public:
  explicit TemporaryFile(const fs::path& target)
      : target_(target), path_(target.string() + fmt::format(".tmp-{}", ::getpid())) {}
  ~TemporaryFile() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const fs::path& path() const { return path_; }
  void commit() {
    std::error_code error;
    fs::rename(path_, target_, error);
    if (error) throw Error(ErrorCode::resource, fmt::format("cannot write {}: {}", target_.string(), error.message()));
  }

 private:
  fs::path target_;
  fs::path path_;
};

}  // namespace

std::string rebuild_hint(const fs::path& file) {
  const auto folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  return fmt::format("rebuild it with: matcher index --model M --dataset D --output {}", folder.string());
}

void write_index_file(const fs::path& file, const faiss::Index& index, const std::string& type) {
  TemporaryFile temporary(file);
  OutputFile out(temporary.path());
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
  out.sync();
  out.close();
  temporary.commit();
}

IndexFile read_index_file(const fs::path& file) {
  if (!fs::exists(file)) {
    throw Error(ErrorCode::input, fmt::format("index file {} is not there; {}", file.string(), rebuild_hint(file)));
  }
  auto in = open_for_reading(file);
  auto type = verified_type(file, in);
  in.clear();
  in.seekg(0);
  StreamReader reader(in);
  try {
    return {std::unique_ptr<faiss::Index>(faiss::read_index(&reader)), std::move(type)};
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::resource, fmt::format("not enough memory to load index file {} of {}", file.string(),
                                                 human_bytes(fs::file_size(file))));
  } catch (const std::exception& error) {
    fail_damaged(file, reason_of(error));
  }
}

}  // namespace matcher::index
