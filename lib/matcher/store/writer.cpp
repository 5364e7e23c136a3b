#include "matcher/store/writer.hpp"

#include <fmt/format.h>

#include <array>
#include <sstream>

#include "matcher/core/npy.hpp"
#include "matcher/store/embeddings/manifest.hpp"
#include "matcher/store/embeddings/tables.hpp"

namespace matcher::store {
namespace {

constexpr auto checkpoint_interval = std::chrono::seconds(1);
constexpr const char* vectors_name = "vectors.npy";
constexpr const char* items_name = "items.csv";
constexpr const char* failures_name = "failures.csv";
constexpr const char* journal_name = "journal";
constexpr const char* key_name = "key";

fs::path partial_of(const fs::path& output) {
  return (output.has_filename() ? output : output.parent_path()).string() + ".partial";
}

bool has_key(const fs::path& file, const std::string& key) { return fs::exists(file) && read_text(file) == key; }

}  // namespace

EmbeddingWriter::EmbeddingWriter(const fs::path& output, const std::string& key, std::size_t dimension)
    : output_(output), partial_(partial_of(output)), dimension_(dimension) {
  make_folder(partial_);
  lock_.emplace(partial_);
  const bool same = has_key(file(key_name), key);
  if (const auto note = same ? last_note() : std::nullopt) {
    note_ = *note;
    go_on();
  } else {
    discarded_ = fs::exists(file(key_name)) && !same;
    start_afresh(key);
  }
}

std::optional<EmbeddingWriter::Note> EmbeddingWriter::last_note() const {
  if (!fs::exists(file(journal_name))) return std::nullopt;
  const std::string journal = read_text(file(journal_name));
  std::optional<Note> last;
  std::istringstream lines(journal.substr(0, journal.rfind('\n') + 1));  // the last line may be cut short
  for (Note n; lines >> n.consumed >> n.count >> n.failures >> n.items_bytes >> n.failures_bytes;) last = n;
  return last;
}

void EmbeddingWriter::start_afresh(const std::string& key) {
  for (const auto& left_over : fs::directory_iterator(partial_)) fs::remove_all(left_over.path());
  vectors_ = OutputFile(file(vectors_name));
  items_ = OutputFile(file(items_name));
  failures_ = OutputFile(file(failures_name));
  journal_ = OutputFile(file(journal_name));
  vectors_.write(npy_header(std::array{std::size_t{0}, dimension_}));
  items_.write(items_header());
  failures_.write(failures_header());
  note_.items_bytes = items_header().size();
  note_.failures_bytes = failures_header().size();
  checkpoint();
  write_atomically(file(key_name), key);
}

void EmbeddingWriter::go_on() {
  truncate_file(file(vectors_name), npy_header_bytes + note_.count * dimension_ * sizeof(float));
  truncate_file(file(items_name), note_.items_bytes);
  truncate_file(file(failures_name), note_.failures_bytes);
  vectors_ = OutputFile(file(vectors_name), OutputFile::Mode::resume);
  items_ = OutputFile(file(items_name), OutputFile::Mode::resume);
  failures_ = OutputFile(file(failures_name), OutputFile::Mode::resume);
  journal_ = OutputFile(file(journal_name));
  checkpoint();
}

void EmbeddingWriter::append(MatrixView vectors, std::span<const ItemRow> items, std::span<const FailureRow> failures,
                             std::size_t consumed) {
  vectors_.write(std::as_bytes(std::span(vectors.data, vectors.rows * vectors.cols)));
  for (const auto& item : items) {
    const auto line = item_line(item);
    items_.write(line);
    note_.items_bytes += line.size();
  }
  for (const auto& failure : failures) {
    const auto line = failure_line(failure);
    failures_.write(line);
    note_.failures_bytes += line.size();
  }
  note_.consumed = consumed;
  note_.count += vectors.rows;
  note_.failures += failures.size();
  if (std::chrono::steady_clock::now() - last_checkpoint_ >= checkpoint_interval) checkpoint();
}

void EmbeddingWriter::checkpoint() {
  vectors_.sync();
  items_.sync();
  failures_.sync();
  journal_.write(fmt::format("{} {} {} {} {}\n", note_.consumed, note_.count, note_.failures, note_.items_bytes,
                             note_.failures_bytes));
  journal_.sync();
  last_checkpoint_ = std::chrono::steady_clock::now();
}

void EmbeddingWriter::finish(Manifest manifest) {
  checkpoint();
  vectors_.overwrite(0, npy_header(std::array{note_.count, dimension_}));
  vectors_.sync();
  for (auto* out : {&vectors_, &items_, &failures_, &journal_}) out->close();
  manifest.count = note_.count;
  manifest.failures = note_.failures;
  manifest.model.dimension = dimension_;
  manifest.data.fingerprint = data_fingerprint(read_items(file(items_name)));
  fs::remove(file(journal_name));
  fs::remove(file(key_name));
  write_atomically(file("manifest.json"), manifest_text(manifest));
  replace_folder(partial_, output_);
}

}  // namespace matcher::store
