#include "matcher/store/embeddings/journal.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>

namespace matcher::store {
namespace {

std::string with_line_sum(const std::string& text) {
  return fmt::format("{} {}\n", text, content_hash(std::as_bytes(std::span(text))).substr(0, 16));
}

/// Adds `count` bytes of the stream to the hash. Returns false if it ends before.
bool add_bytes(std::ifstream& in, std::uintmax_t count, Hasher& hash) {
  std::vector<char> piece(1 << 20);
  while (count > 0) {
    in.read(piece.data(), std::streamsize(std::min<std::uintmax_t>(count, piece.size())));
    if (in.gcount() <= 0) return false;
    hash.bytes(std::as_bytes(std::span(piece.data(), std::size_t(in.gcount()))));
    count -= std::uintmax_t(in.gcount());
  }
  return true;
}

}  // namespace

SummedFile::SummedFile(const fs::path& path, std::string_view header) : out_(path), size_(header.size()) {
  out_.write(header);
}

SummedFile::SummedFile(const fs::path& path, std::uintmax_t size, Hasher hash) : size_(size), hash_(std::move(hash)) {
  truncate_file(path, size);
  out_ = OutputFile(path, OutputFile::Mode::resume);
}

void SummedFile::write(std::span<const std::byte> data) {
  out_.write(data);
  hash_.bytes(data);
  size_ += data.size();
}

std::string note_line(const Note& n) {
  return with_line_sum(
      fmt::format("{} {} {} {} {}", n.consumed, n.count, n.failures, fmt::join(n.sizes, " "), fmt::join(n.sums, " ")));
}

std::vector<Note> parse_notes(std::string_view journal) {
  std::vector<Note> notes;
  while (!journal.empty()) {
    const auto line = std::string(journal.substr(0, journal.find('\n')));
    journal.remove_prefix(std::min(journal.size(), line.size() + 1));
    Note n;
    std::istringstream in(line);
    in >> n.consumed >> n.count >> n.failures >> n.sizes[0] >> n.sizes[1] >> n.sizes[2] >> n.sums[0] >> n.sums[1] >>
        n.sums[2];
    if (!in || note_line(n) != line + '\n') break;
    notes.push_back(std::move(n));
  }
  return notes;
}

/// Reads the files up to each note in turn.
class SumReader {
 public:
  SumReader(const std::array<fs::path, 3>& files, std::size_t header) : read_{header, 0, 0} {
    for (std::size_t i = 0; i < files.size(); ++i) streams_[i] = std::ifstream(files[i], std::ios::binary);
    streams_[0].seekg(std::streamoff(header));
  }

  /// Returns false if the files do not agree with the note.
  bool read_to(const Note& note) {
    for (std::size_t i = 0; i < streams_.size(); ++i) {
      if (note.sizes[i] < read_[i] || !add_bytes(streams_[i], note.sizes[i] - read_[i], hashes_[i])) return false;
      read_[i] = note.sizes[i];
      if (hashes_[i].hex() != note.sums[i]) return false;
    }
    return true;
  }

  std::array<Hasher, 3> take_hashes() { return std::move(hashes_); }

 private:
  std::array<std::ifstream, 3> streams_;
  std::array<std::uintmax_t, 3> read_;
  std::array<Hasher, 3> hashes_;
};

SoundPart find_sound_part(const std::array<fs::path, 3>& files, const std::vector<Note>& notes, std::size_t header) {
  SumReader reader(files, header);
  std::size_t sound = 0;
  while (sound < notes.size() && reader.read_to(notes[sound])) ++sound;
  if (sound == notes.size() || sound == 0) return {sound, reader.take_hashes()};
  SumReader again(files, header);  // the first one has hashed damaged bytes
  again.read_to(notes[sound - 1]);
  return {sound, again.take_hashes()};
}

}  // namespace matcher::store
