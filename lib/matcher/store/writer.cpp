#include "matcher/store/writer.hpp"

#include <array>
#include <chrono>
#include <optional>

#include "matcher/files/atomic_folder.hpp"
#include "matcher/files/npy.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/files/temporary.hpp"
#include "matcher/store/embeddings/journal.hpp"
#include "matcher/store/embeddings/manifest.hpp"
#include "matcher/store/embeddings/partial.hpp"
#include "matcher/store/embeddings/tables.hpp"

namespace matcher::store {
namespace {

constexpr auto checkpoint_interval = std::chrono::seconds(1);

std::string text_or_nothing(const fs::path& file) { return is_file(file) ? read_text(file) : ""; }

}  // namespace

struct EmbeddingWriter::Work {
  Work(const fs::path& output, const std::string& key, std::size_t dimension, ItemColumns columns);
  void start_again(const std::string& key);
  bool go_on();
  void append(MatrixView vectors, std::span<const ItemRow> items, std::span<const FailureRow> failures);
  void checkpoint();
  void close();
  fs::path file(const char* name) const { return partial / name; }

  const std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
  fs::path output, partial;
  std::size_t dimension;
  ItemColumns columns;
  std::optional<FolderLock> lock;
  std::array<SummedFile, 3> files;  ///< vectors.npy, items.csv, failures.csv
  OutputFile journal;
  Note note;
  bool discarded = false, damaged = false;
  std::function<void()> flush = [] {};
  std::chrono::steady_clock::time_point last_checkpoint = std::chrono::steady_clock::now();
};

EmbeddingWriter::Work::Work(const fs::path& set, const std::string& key, std::size_t vector_dimension,
                            ItemColumns item_columns)
    : output(follow_links(set)), partial(partial_of(output)), dimension(vector_dimension), columns(item_columns) {
  finish_replacement(output);
  make_partial(partial);
  lock.emplace(partial);
  claim_partial(partial);
  const auto found = text_or_nothing(file(key_name));
  if (found == key && go_on()) return;
  discarded = !found.empty() && found != key;
  start_again(key);
}

void EmbeddingWriter::Work::start_again(const std::string& key) {
  for (const auto& left_over : list_folder(partial)) {
    std::error_code error;
    if (left_over.filename() != temporary_mark) fs::remove(left_over, error);
    if (error) fail_writing(left_over, error.value());
  }
  files = {SummedFile(file(vectors_name), npy_header(std::array{std::size_t{0}, dimension})),
           SummedFile(file(items_name), ""), SummedFile(file(failures_name), "")};
  files[1].write(items_header(columns));
  files[2].write(failures_header());
  journal = OutputFile(file(journal_name));
  checkpoint();
  write_atomically(file(key_name), key);
}

/// Continues at the last sound note. Returns false if there is none.
bool EmbeddingWriter::Work::go_on() {
  const auto text = text_or_nothing(file(journal_name));
  const auto notes = parse_notes(text);
  const std::array paths{file(vectors_name), file(items_name), file(failures_name)};
  auto sound = find_sound_part(paths, notes, npy_header_bytes);
  damaged = sound.notes < notes.size();
  if (sound.notes == 0) return false;
  note = notes[sound.notes - 1];
  for (std::size_t i = 0; i < files.size(); ++i)
    files[i] = SummedFile(paths[i], note.sizes[i], std::move(sound.hashes[i]));
  std::uintmax_t size = 0;
  for (std::size_t i = 0; i < sound.notes; ++i) size += note_line(notes[i]).size();
  truncate_file(file(journal_name), size);
  journal = OutputFile(file(journal_name), OutputFile::Mode::resume);
  return true;
}

void EmbeddingWriter::Work::append(MatrixView vectors, std::span<const ItemRow> items,
                                   std::span<const FailureRow> failures) {
  files[0].write(std::as_bytes(std::span(vectors.data, vectors.rows * vectors.cols)));
  for (const auto& item : items) files[1].write(item_line(item, columns));
  for (const auto& failure : failures) files[2].write(failure_line(failure));
  note.count += vectors.rows;
  note.failures += failures.size();
}

void EmbeddingWriter::Work::checkpoint() {
  flush();
  for (std::size_t i = 0; i < files.size(); ++i) {
    files[i].out().sync();
    note.sizes[i] = files[i].size();
    note.sums[i] = files[i].sum();
  }
  journal.write(note_line(note));
  journal.sync();
  last_checkpoint = std::chrono::steady_clock::now();
}

void EmbeddingWriter::Work::close() {
  files[0].out().overwrite(0, npy_header(std::array{note.count, dimension}));
  files[0].out().sync();
  for (auto& each : files) each.out().close();
  journal.close();
}

EmbeddingWriter::EmbeddingWriter(const fs::path& output, const std::string& key, std::size_t dimension,
                                 ItemColumns columns)
    : work_(std::make_unique<Work>(output, key, dimension, columns)) {}

EmbeddingWriter::~EmbeddingWriter() = default;

std::size_t EmbeddingWriter::consumed() const { return work_->note.consumed; }
std::size_t EmbeddingWriter::count() const { return work_->note.count; }
std::size_t EmbeddingWriter::failures() const { return work_->note.failures; }
bool EmbeddingWriter::discarded() const { return work_->discarded; }
bool EmbeddingWriter::damaged() const { return work_->damaged; }
const fs::path& EmbeddingWriter::folder() const { return work_->partial; }

void EmbeddingWriter::before_checkpoint(std::function<void()> flush) { work_->flush = std::move(flush); }

void EmbeddingWriter::append(MatrixView vectors, std::span<const ItemRow> items, std::span<const FailureRow> failures,
                             std::size_t consumed) {
  work_->append(vectors, items, failures);
  work_->note.consumed = consumed;
  if (std::chrono::steady_clock::now() - work_->last_checkpoint >= checkpoint_interval) checkpoint();
}

void EmbeddingWriter::checkpoint() { work_->checkpoint(); }

void EmbeddingWriter::show_failures(std::span<const FailureRow> failures) {
  for (const auto& failure : failures) work_->files[2].write(failure_line(failure));
  work_->files[2].out().sync();
}

void EmbeddingWriter::finish(Manifest manifest) {
  checkpoint();
  work_->close();
  const auto& note = work_->note;
  manifest.count = note.count;
  manifest.failures = note.failures;
  manifest.model.dimension = work_->dimension;
  manifest.data.fingerprint = data_fingerprint(read_items(work_->file(items_name)));
  manifest.made = made_since(work_->start);
  manifest.sums = {.vectors = note.sums[0], .items = note.sums[1], .failures = note.sums[2]};
  write_atomically(work_->file(manifest_name), manifest_text(manifest));
  AtomicFolder out(work_->output);
  adopt_folder(out, work_->partial, {journal_name, key_name});
  out.commit();
}

}  // namespace matcher::store
