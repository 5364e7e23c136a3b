// numpy's archives: a ZIP whose records are arrays. One of them holds the vectors.
#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>

#include "matcher/core/error.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/files/read_file.hpp"
#include "matcher/store/import/formats.hpp"
#include "matcher/store/import/npy.hpp"

namespace matcher::store {
namespace {

/// The archive, not one of its records, is to blame.
struct ArchiveError : Error {
  using Error::Error;
};

struct Close {
  void operator()(struct archive* opened) const { archive_read_free(opened); }
};

/// The records of an archive, one after the other.
class Archive : public ByteStream {
 public:
  explicit Archive(const fs::path& path) : path_(path.string()), archive_(archive_read_new()) {
    open_for_reading(path);  // for its error
    archive_read_support_format_zip_seekable(archive_.get());
    check(archive_read_open_filename(archive_.get(), path.c_str(), 1 << 20));
  }

  /// The name of the next record; nothing after the last.
  std::optional<std::string> next_record() {
    struct archive_entry* entry = nullptr;
    const int state = archive_read_next_header(archive_.get(), &entry);
    if (state == ARCHIVE_EOF) return std::nullopt;
    check(state);
    const char* name = archive_entry_pathname(entry);
    return name == nullptr ? "" : name;
  }

  std::size_t read(std::span<char> out) override {
    std::size_t count = 0;
    while (count < out.size()) {
      const auto got = archive_read_data(archive_.get(), out.data() + count, out.size() - count);
      if (got < 0) check(int(got));
      if (got <= 0) break;
      count += std::size_t(got);
    }
    return count;
  }

 private:
  void check(int state) const {
    if (state >= ARCHIVE_WARN) return;
    const char* reason = archive_error_string(archive_.get());
    throw ArchiveError(ErrorCode::input,
                       fmt::format("\"{}\" is not an archive of numpy.savez, or is damaged ({}). Save it "
                                   "again with numpy.savez",
                                   path_, reason == nullptr ? "no reason given" : reason));
  }

  std::string path_;
  std::unique_ptr<struct archive, Close> archive_;
};

/// The header of a record; nothing if it is not an array of floating-point numbers.
std::optional<NpyHeader> header_of(ByteStream& bytes) try {
  return read_npy_header(bytes, "");
} catch (const ArchiveError&) {
  throw;
} catch (const Error& error) {
  if (error.code() != ErrorCode::input) throw;
  return std::nullopt;
}

struct Records {
  std::vector<std::string> vectors, others;
};

Records list_records(const fs::path& file) {
  Archive archive(file);
  Records found;
  while (const auto name = archive.next_record()) {
    const auto header = header_of(archive);
    (header && header->shape.size() == 2 ? found.vectors : found.others).push_back(*name);
  }
  return found;
}

[[noreturn]] void refuse(const fs::path& file, const Records& found) {
  if (found.vectors.empty()) {
    throw Error(ErrorCode::input, fmt::format("\"{}\" holds no array of floating-point numbers of the shape [number, "
                                              "dimension]; it holds: {}. Save the vectors with numpy.savez",
                                              file.string(), fmt::join(found.others, ", ")));
  }
  throw Error(ErrorCode::input,
              fmt::format("\"{}\" holds {} arrays that can be vectors: {}. Save the one that is meant "
                          "by itself, with numpy.save",
                          file.string(), found.vectors.size(), fmt::join(found.vectors, ", ")));
}

class NpzVectors : public ForeignVectors {
 public:
  NpzVectors(std::unique_ptr<ForeignVectors> vectors, std::vector<std::string> notes)
      : vectors_(std::move(vectors)), notes_(std::move(notes)) {}
  bool next(ForeignBlock& block) override { return vectors_->next(block); }
  std::vector<std::string> notes() const override { return notes_; }

 private:
  std::unique_ptr<ForeignVectors> vectors_;
  std::vector<std::string> notes_;
};

std::unique_ptr<ForeignVectors> open_npz(const fs::path& file) {
  const auto found = list_records(file);
  if (found.vectors.size() != 1) refuse(file, found);
  auto archive = std::make_unique<Archive>(file);
  while (archive->next_record() != found.vectors[0]) continue;
  const auto name = fmt::format("{}/{}", file.string(), found.vectors[0]);
  auto header = read_npy_header(*archive, fmt::format("\"{}\"", name));
  std::vector<std::string> notes;
  if (!found.others.empty())
    notes.push_back(
        fmt::format("\"{}\": only {} is read, not {}", file.string(), found.vectors[0], fmt::join(found.others, ", ")));
  return std::make_unique<NpzVectors>(std::make_unique<NpyVectors>(std::move(archive), std::move(header), name),
                                      std::move(notes));
}

}  // namespace

const ImportFormat npz_format{{".npz"}, open_npz};

}  // namespace matcher::store
