// Runs libjpeg so that its errors do not end the program: the error callback must not return, so it jumps back to the
// guard, which reports to code that may throw.
#pragma once

#include <csetjmp>
#include <cstddef>
#include <cstdio>  // jpeglib.h needs size_t and FILE

#include <jpeglib.h>

namespace matcher::image {

struct JpegFailure {
  jpeg_error_mgr manager{};  ///< the first member, so that a pointer to it points to the whole
  std::jmp_buf jump{};
  int code = 0;
  char message[JMSG_LENGTH_MAX]{};
};

[[noreturn]] inline void give_up(j_common_ptr info) {
  auto* failure = reinterpret_cast<JpegFailure*>(info->err);
  failure->code = info->err->msg_code;
  info->err->format_message(info, failure->message);
  std::longjmp(failure->jump, 1);
}

/// The error manager for libjpeg; it never prints.
inline jpeg_error_mgr* silent_manager(JpegFailure& failure) {
  jpeg_std_error(&failure.manager);
  failure.manager.error_exit = give_up;
  failure.manager.output_message = [](j_common_ptr) {};
  return &failure.manager;
}

/// Runs libjpeg calls; returns false if they failed. A jump may leave `step`, so it must own nothing with a destructor.
template <class Step>
[[gnu::noinline]] bool succeeds(JpegFailure& failure, const Step& step) {
  if (setjmp(failure.jump)) return false;
  step();
  return true;
}

}  // namespace matcher::image
