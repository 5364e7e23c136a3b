// Opens a TIFF file in memory with libtiff, which then neither prints nor allocates without bound.
#pragma once

#include <tiffio.h>

#include <string>

#include "matcher/image/codec/bytes.hpp"

namespace matcher::image {

/// Borrows `file`, which must outlive it.
class TiffFile {
 public:
  /// Throws DecodeError if libtiff does not read the first directory.
  explicit TiffFile(Bytes file);
  ~TiffFile();
  TiffFile(const TiffFile&) = delete;
  TiffFile& operator=(const TiffFile&) = delete;

  TIFF* get() const { return tiff_; }
  /// Throws DecodeError with the reason if `succeeded` is false, or libtiff has reported an error.
  void check(bool succeeded) const;

 private:
  bool ends_too_early() const;

  Bytes file_;
  std::size_t at_ = 0;
  std::string error_;  ///< the first error that libtiff reported
  TIFF* tiff_ = nullptr;

  friend struct TiffCallbacks;
};

}  // namespace matcher::image
