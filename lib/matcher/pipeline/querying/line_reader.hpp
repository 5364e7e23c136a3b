// Reads the lines of a file, a pipe or a terminal as they come.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "matcher/pipeline/query.hpp"

namespace matcher::pipeline {

class LineReader {
 public:
  /// Opens a file; "-" is standard input. Throws Error(input) if it cannot be opened, or is a folder.
  LineReader(const std::filesystem::path& file, LineEnd end);
  ~LineReader();
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  enum class Wait { no, for_a_line };
  /// Returns the lines that have come, without their ends. Empty ones are left out. Waits for one, or for the end, if
  /// requested; a last line needs no end. Throws Error(input) if reading fails, or for a line of more than 1 MiB.
  std::vector<std::string> read(Wait wait);
  /// True after the last line was returned.
  bool ended() const { return ended_; }

 private:
  bool fill(Wait wait);
  void take_lines(std::vector<std::string>& lines);
  std::string take_line(std::string_view text) const;

  const std::filesystem::path path_;
  const LineEnd end_;
  const int descriptor_;
  std::string rest_;  ///< the line that has not ended
  bool ended_ = false;
};

}  // namespace matcher::pipeline
