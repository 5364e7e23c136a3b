#include "matcher/store/import/folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>

#include "matcher/core/error.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/store/import/arrow.hpp"

namespace matcher::store {
namespace {

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

/// The number at the start of `text`, without leading zeros, and the letters that it takes.
std::string_view number_at(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size() && is_digit(text[length])) ++length;
  return text.substr(0, length);
}

std::string_view without_zeros(std::string_view number) {
  return number.substr(std::min(number.find_first_not_of('0'), number.size()));
}

bool comes_before(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const auto x = number_at(a), y = number_at(b);
    if (x.empty() || y.empty()) {
      if (a.front() != b.front()) return a.front() < b.front();
      a.remove_prefix(1);
      b.remove_prefix(1);
      continue;
    }
    const auto m = without_zeros(x), n = without_zeros(y);
    if (m != n) return m.size() != n.size() ? m.size() < n.size() : m < n;
    a.remove_prefix(x.size());
    b.remove_prefix(y.size());
  }
  return a.size() < b.size();
}

/// The files of a folder that have one of the extensions, in their order.
std::vector<fs::path> files_with(const fs::path& folder, const std::vector<std::string_view>& extensions) {
  std::vector<fs::path> files;
  for (const auto& entry : list_folder(folder)) {
    if (std::ranges::count(extensions, entry.extension().string()) && is_file(entry)) files.push_back(entry);
  }
  sort_naturally(files);
  return files;
}

/// Files of one kind, one after the other.
class Sequence : public ForeignVectors {
 public:
  Sequence(std::vector<fs::path> files, const ImportFormat& format) : files_(std::move(files)), format_(format) {}

  bool next(ForeignBlock& block) override {
    while (true) {
      if (opened_ && opened_->next(block)) return true;
      close();
      if (at_ == files_.size()) return false;
      opened_ = format_.open(files_[at_++]);
    }
  }

  std::vector<std::string> notes() const override { return notes_; }
  /// The number of the file that the last block came from, from 0.
  std::size_t file() const { return at_ - 1; }

 private:
  void close() {
    if (!opened_) return;
    for (auto& note : opened_->notes()) notes_.push_back(std::move(note));
    opened_.reset();
  }

  std::vector<fs::path> files_;
  const ImportFormat& format_;
  std::size_t at_ = 0;
  std::unique_ptr<ForeignVectors> opened_;
  std::vector<std::string> notes_;
};

/// The folder of clip-retrieval: img_emb/*.npy has the vectors and metadata/*.parquet, file by file, their ids.
class ClipRetrieval : public ForeignVectors {
 public:
  ClipRetrieval(const std::vector<fs::path>& vectors, std::vector<fs::path> metadata)
      : vectors_(vectors, npy_format), metadata_(std::move(metadata)) {}

  bool next(ForeignBlock& block) override {
    if (!vectors_.next(block)) {
      check_end();
      return false;
    }
    if (vectors_.file() != file_ || !ids_) open_ids(block);
    while (waiting_.size() < block.vectors.rows) read_ids(block);
    const auto end = waiting_.begin() + std::ptrdiff_t(block.vectors.rows);
    block.ids.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
    waiting_.erase(waiting_.begin(), end);
    return true;
  }

 private:
  void open_ids(const ForeignBlock& block) {
    check_end();
    file_ = vectors_.file();
    vector_file_ = block.file;
    waiting_.clear();
    ids_.emplace(metadata_[file_], ArrowContent::ids);
  }

  void read_ids(const ForeignBlock& block) {
    ArrowRows rows;
    if (!ids_->next(rows)) fail_counts(block.file, "more");
    std::ranges::move(rows.ids, std::back_inserter(waiting_));
  }

  /// All ids of a file must be used when its vectors are.
  void check_end() {
    ArrowRows more;
    if (ids_ && (!waiting_.empty() || ids_->next(more))) fail_counts(vector_file_, "fewer");
  }

  [[noreturn]] void fail_counts(const std::string& file, const char* comparison) const {
    throw Error(ErrorCode::input,
                fmt::format("\"{}\" has {} vectors than \"{}\" has rows. Both are written together by "
                            "clip-retrieval: make them again",
                            file, comparison, metadata_[file_].string()));
  }

  Sequence vectors_;
  std::vector<fs::path> metadata_;
  std::size_t file_ = 0;
  std::string vector_file_;
  std::optional<ArrowReader> ids_;
  std::vector<std::string> waiting_;
};

std::unique_ptr<ForeignVectors> open_clip_retrieval(const fs::path& folder) {
  const auto vectors = files_with(folder / "img_emb", {".npy"});
  if (vectors.empty())
    throw Error(ErrorCode::input, fmt::format("\"{}\" has no .npy file", (folder / "img_emb").string()));
  if (!is_folder(folder / "metadata")) return std::make_unique<Sequence>(vectors, npy_format);
  auto metadata = files_with(folder / "metadata", {".parquet"});
  if (metadata.size() == vectors.size()) return std::make_unique<ClipRetrieval>(vectors, std::move(metadata));
  throw Error(ErrorCode::input,
              fmt::format("\"{}\" has {} .npy files in img_emb, but {} .parquet files in metadata. Give the folder "
                          "img_emb itself to match its vectors with the items by their order",
                          folder.string(), vectors.size(), metadata.size()));
}

/// The one format of the files in a folder.
const ImportFormat& format_of(const fs::path& folder) {
  std::set<const ImportFormat*> formats;
  std::set<std::string> extensions;
  for (const auto& entry : list_folder(folder)) {
    const auto* format = find_import_format(entry);
    if (format == nullptr || !is_file(entry)) continue;
    formats.insert(format);
    extensions.insert(entry.extension().string());
  }
  if (formats.size() == 1) return **formats.begin();
  if (formats.empty()) {
    throw Error(
        ErrorCode::input,
        fmt::format("\"{}\" holds no vectors: no file ends with {}, and it has no folder img_emb. Give a folder "
                    "with such files, or one file",
                    folder.string(), import_extensions()));
  }
  throw Error(ErrorCode::input, fmt::format("\"{}\" holds files of more than one kind of vectors ({} and {}). Give one "
                                            "file, or a folder of one kind",
                                            folder.string(), *extensions.begin(), *extensions.rbegin()));
}

}  // namespace

void sort_naturally(std::vector<fs::path>& files) {
  std::ranges::stable_sort(files, [](const fs::path& a, const fs::path& b) {
    return comes_before(a.filename().string(), b.filename().string());
  });
}

std::unique_ptr<ForeignVectors> open_folder(const fs::path& folder) {
  if (is_folder(folder / "img_emb")) return open_clip_retrieval(folder);
  const auto& format = format_of(folder);
  return std::make_unique<Sequence>(files_with(folder, format.extensions), format);
}

}  // namespace matcher::store
