// Reads and writes text files of a run by lines, and hashes their content on the way.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "matcher/files/file.hpp"
#include "matcher/files/hash.hpp"

namespace matcher::run {

class LineReader {
 public:
  /// Throws Error(input) if the file is unreadable.
  explicit LineReader(std::filesystem::path file);

  /// Reads the next line, without its end; false at the end of the file. Throws Error(resource) if the disk fails.
  bool next(std::string& line);

  std::size_t number() const { return number_; }      ///< the last line's, from 1
  std::string hash() const { return hasher_.hex(); }  ///< hash of the lines read so far

 private:
  std::filesystem::path file_;
  std::ifstream in_;
  Hasher hasher_;
  std::size_t number_ = 0;
};

class LineWriter {
 public:
  /// Every function throws Error(resource).
  explicit LineWriter(const std::filesystem::path& file) : out_(file) {}

  void write(std::string_view lines);

  /// Ends the file and returns its hash.
  std::string finish();

 private:
  OutputFile out_;
  Hasher hasher_;
};

}  // namespace matcher::run
