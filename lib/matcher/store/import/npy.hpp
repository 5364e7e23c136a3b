// Reads arrays of numpy, [n, d] or one vector [d], from a stream of bytes.
#pragma once

#include <memory>
#include <string>

#include "matcher/files/npy.hpp"
#include "matcher/store/import/byte_stream.hpp"
#include "matcher/store/import/formats.hpp"

namespace matcher::store {

/// Reads a header, and no byte more. Throws as parse_npy_header().
NpyHeader read_npy_header(ByteStream& bytes, const std::string& name);

/// Reads the vectors of an array after its header. `file` is for messages.
class NpyVectors : public ForeignVectors {
 public:
  /// Throws Error(input) for a shape that is not [n, d] or [d].
  NpyVectors(std::unique_ptr<ByteStream> bytes, const NpyHeader& header, std::string file);
  bool next(ForeignBlock& block) override;

 private:
  void check_end();

  std::unique_ptr<ByteStream> bytes_;
  NpyType type_;
  std::string file_;
  std::size_t rows_ = 0, columns_ = 0, read_ = 0;
};

}  // namespace matcher::store
