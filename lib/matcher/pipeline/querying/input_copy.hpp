// Keeps what standard input delivers, so that it can be read by a path and more than once.
#pragma once

#include <filesystem>

namespace matcher::pipeline {

/// A copy of all bytes of standard input in memory, which has a path while the object lives.
class InputCopy {
 public:
  /// Reads to the end. Throws Error(input) if reading fails, or after 1 GiB; Error(resource) if memory does not
  /// suffice.
  InputCopy();
  ~InputCopy();
  InputCopy(const InputCopy&) = delete;
  InputCopy& operator=(const InputCopy&) = delete;
  std::filesystem::path path() const;

 private:
  int descriptor_;
};

}  // namespace matcher::pipeline
