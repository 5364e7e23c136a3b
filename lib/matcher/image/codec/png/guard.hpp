// Runs libpng so that its errors neither end the program nor reach stderr: the error callback jumps back to the guard,
// which reports to code that may throw.
#pragma once

#include <png.h>

#include <csetjmp>
#include <cstdio>

namespace matcher::image {

struct PngFailure {
  std::jmp_buf jump{};
  char message[128]{};
};

[[noreturn]] inline void give_up_png(png_structp png, png_const_charp message) {
  auto* failure = static_cast<PngFailure*>(png_get_error_ptr(png));
  std::snprintf(failure->message, sizeof(failure->message), "%s", message);
  std::longjmp(failure->jump, 1);
}

inline void ignore_png_warning(png_structp, png_const_charp) {}

/// Runs libpng calls; returns false if they failed. A jump may leave `step`, so it must own nothing with a destructor.
template <class Step>
[[gnu::noinline]] bool png_succeeds(PngFailure& failure, const Step& step) {
  if (setjmp(failure.jump)) return false;
  step();
  return true;
}

}  // namespace matcher::image
