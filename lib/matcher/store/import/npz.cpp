// numpy's archives: a ZIP whose records are arrays. One of them holds the vectors.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>

#include "matcher/core/error.hpp"
#include "matcher/store/import/formats.hpp"
#include "matcher/store/import/npy.hpp"
#include "matcher/store/import/zip_archive.hpp"

namespace matcher::store {
namespace {

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
  ZipArchive archive(file);
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
  auto archive = std::make_unique<ZipArchive>(file);
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
