// Checks what FAISS wrote before FAISS reads it: every length, size, link and row number.
// The hash of a file detects accidents only. FAISS allocates what a length claims, divides by numbers of the file, and
// uses row numbers as they are. Reference: faiss/impl/index_read.cpp, version 1.7.3.
#pragma once

#include "matcher/index/file/checked_reader.hpp"

namespace matcher::index {

/// Reads an index, all of the input. Throws InvalidStructure if FAISS could not read or search it safely.
void check_structure(Input& in);

/// The part of an index that others must agree with.
struct Header {
  std::string mark;  ///< names the class
  Size d = 0, n = 0;
  std::int32_t metric = 0;
  int depth = 0;  ///< 0: the whole index
};

/// Reads an index that is part of `whole`: `n` vectors of its dimension. Returns its header.
Header read_part(CheckedReader& in, const Header& whole, Size n);

}  // namespace matcher::index
