// Reads vectors that another program made, block by block: memory does not grow with their number.
// A new format is one file in import/ and one line in import/formats.hpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "matcher/core/matrix.hpp"

namespace matcher::store {

/// Consecutive vectors of one file.
struct ForeignBlock {
  Matrix vectors;                ///< [n, d]
  std::vector<std::string> ids;  ///< one per vector; empty: the file has no ids
  std::string file;
  std::string unit = "row";            ///< the unit of `numbers`
  std::vector<std::uint64_t> numbers;  ///< the row from 0, or the line from 1, of each vector
};

/// `"v.npy", row 12`: the place of a vector, for messages.
std::string place_of(const ForeignBlock& block, std::size_t row);

class ForeignVectors {
 public:
  virtual ~ForeignVectors() = default;
  /// Reads the next block, which has at least one vector. Returns false after the last. Throws Error(input) with the
  /// file, and the row if one is to blame, for a file that is damaged or has another form than its name says.
  virtual bool next(ForeignBlock& block) = 0;
  /// One sentence for each part of a file that is not read.
  virtual std::vector<std::string> notes() const { return {}; }
};

/// Opens a file, a folder of files of one kind, which are read in the order of their names (2 before 10), or a folder
/// of clip-retrieval. Throws Error(input) if the place is missing or holds no vectors, Error(resource) if the format
/// needs a plugin that is missing.
std::unique_ptr<ForeignVectors> open_foreign_vectors(const std::filesystem::path& place);

}  // namespace matcher::store
