#include "matcher/image/codec/tiff/file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <memory>

namespace matcher::image {

/// The functions that libtiff calls with a TiffFile.
struct TiffCallbacks {
  static TiffFile& file(thandle_t handle) { return *static_cast<TiffFile*>(handle); }

  static tmsize_t read(thandle_t handle, void* to, tmsize_t count) {
    TiffFile& self = file(handle);
    const std::size_t rest = self.file_.size() - std::min(self.at_, self.file_.size());
    const std::size_t taken = std::min(rest, static_cast<std::size_t>(count));
    std::memcpy(to, self.file_.data() + (self.file_.size() - rest), taken);
    self.at_ += taken;
    return static_cast<tmsize_t>(taken);
  }

  static tmsize_t write(thandle_t, void*, tmsize_t) { return -1; }

  static toff_t seek(thandle_t handle, toff_t offset, int whence) {
    TiffFile& self = file(handle);
    self.at_ = offset + (whence == SEEK_CUR ? self.at_ : whence == SEEK_END ? self.file_.size() : 0);
    return self.at_;
  }

  static int close(thandle_t) { return 0; }
  static toff_t size(thandle_t handle) { return file(handle).file_.size(); }

  static int map(thandle_t handle, void** base, toff_t* size) {
    *base = const_cast<std::byte*>(file(handle).file_.data());
    *size = file(handle).file_.size();
    return 1;
  }

  static void unmap(thandle_t, void*, toff_t) {}

  static int note_error(TIFF*, void* user, const char*, const char* format, std::va_list values) {
    auto& error = static_cast<TiffFile*>(user)->error_;
    char text[256];
    std::vsnprintf(text, sizeof(text), format, values);
    if (error.empty()) error = text;
    return 1;
  }

  static int ignore_warning(TIFF*, void*, const char*, const char*, std::va_list) { return 1; }
};

TiffFile::TiffFile(Bytes file) : file_(file) {
  constexpr tmsize_t most = tmsize_t(4) << 30;  // per allocation
  const std::unique_ptr<TIFFOpenOptions, void (*)(TIFFOpenOptions*)> options(TIFFOpenOptionsAlloc(),
                                                                             TIFFOpenOptionsFree);
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), most);
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), TiffCallbacks::note_error, this);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), TiffCallbacks::ignore_warning, nullptr);
  using Calls = TiffCallbacks;
  tiff_ = TIFFClientOpenExt("image", "r", this, Calls::read, Calls::write, Calls::seek, Calls::close, Calls::size,
                            Calls::map, Calls::unmap, options.get());
  if (tiff_ == nullptr) check(false);
  error_.clear();  // a tag that does not matter
}

TiffFile::~TiffFile() {
  if (tiff_ != nullptr) TIFFClose(tiff_);
}

bool TiffFile::ends_too_early() const {
  if (tiff_ == nullptr) return false;
  const auto blocks = TIFFIsTiled(tiff_) ? TIFFNumberOfTiles(tiff_) : TIFFNumberOfStrips(tiff_);
  for (std::uint32_t i = 0; i < blocks; ++i) {
    const std::uint64_t at = TIFFGetStrileOffset(tiff_, i), count = TIFFGetStrileByteCount(tiff_, i);
    if (at > file_.size() || count > file_.size() - at) return true;
  }
  return false;
}

void TiffFile::check(bool succeeded) const {
  if (succeeded && error_.empty()) return;
  if (ends_too_early()) throw DecodeError("truncated TIFF: the file ends too early");
  throw DecodeError(fmt::format("damaged TIFF: {}", error_.empty() ? "libtiff does not read it" : error_));
}

}  // namespace matcher::image
