// The threads of the BLAS that FAISS computes with, where it is OpenBLAS. Each turns a core around for nothing for 26
// ms after it has worked, and after the program is loaded, which is longer than most commands take; and it rounds by
// how it splits the work. So searches use threads of their own, with one of BLAS each.
#pragma once

namespace matcher {

/// For the start of a program: from now on BLAS uses the thread that calls it, and those that it has started end.
void stop_blas_threads();

/// For networks whose products are those of Debian's LibTorch, which computes with the same BLAS: all cores again.
void use_all_blas_threads();

/// While it lives, BLAS uses the thread that calls it, in the whole process.
class OneBlasThread {
 public:
  OneBlasThread();
  ~OneBlasThread();
  OneBlasThread(const OneBlasThread&) = delete;
  OneBlasThread& operator=(const OneBlasThread&) = delete;

 private:
  int before_ = 1;
};

}  // namespace matcher
