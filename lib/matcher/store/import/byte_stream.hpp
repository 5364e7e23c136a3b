// Bytes that are read from front to back: of a file, or of a record in an archive.
#pragma once

#include <cstddef>
#include <span>

namespace matcher::store {

class ByteStream {
 public:
  virtual ~ByteStream() = default;
  /// Reads up to out.size() bytes; fewer only at the end. Throws Error.
  virtual std::size_t read(std::span<char> out) = 0;
};

}  // namespace matcher::store
