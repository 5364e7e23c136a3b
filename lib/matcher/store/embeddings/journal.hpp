// How far the files of an unfinished embedding set are complete: one line per checkpoint, with sums.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "matcher/files/file.hpp"
#include "matcher/files/hash.hpp"

namespace matcher::store {

/// A file that is written from its start to its end, with the hash of its content.
class SummedFile {
 public:
  SummedFile() = default;
  /// Starts a file with `header`, which the hash leaves out.
  SummedFile(const fs::path& path, std::string_view header);
  /// Continues a file after its first `size` bytes, whose hash is `hash`. Cuts the rest off.
  SummedFile(const fs::path& path, std::uintmax_t size, Hasher hash);

  void write(std::span<const std::byte> data);
  void write(std::string_view text) { write(std::as_bytes(std::span(text))); }
  OutputFile& out() { return out_; }
  std::uintmax_t size() const { return size_; }
  std::string sum() const { return hash_.hex(); }

 private:
  OutputFile out_;
  std::uintmax_t size_ = 0;  ///< bytes
  Hasher hash_;
};

/// The state at a checkpoint. Files are in the order vectors.npy, items.csv, failures.csv.
struct Note {
  std::size_t consumed = 0, count = 0, failures = 0;
  std::array<std::uintmax_t, 3> sizes{};
  std::array<std::string, 3> sums{};
};

/// One line, which ends with a sum of its own.
std::string note_line(const Note& note);

/// The notes up to the first line that was cut short or changed.
std::vector<Note> parse_notes(std::string_view journal);

/// The last note that the files agree with, and the hashes of their content up to there.
struct SoundPart {
  std::size_t notes = 0;  ///< sound notes; 0: nothing can be used
  std::array<Hasher, 3> hashes;
};

/// Reads `files` up to the last sound note. The first `header` bytes of vectors.npy are not part of its sum.
SoundPart find_sound_part(const std::array<fs::path, 3>& files, const std::vector<Note>& notes, std::size_t header);

}  // namespace matcher::store
