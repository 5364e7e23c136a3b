// Limits the threads of OpenBLAS, which FAISS computes with. An OpenBLAS thread busy-waits for 26 ms after each product
// and after the program is loaded, longer than most commands run. Its rounding depends on how it splits the work. So
// searches use their own threads, with one BLAS thread each.
#pragma once

namespace matcher {

/// Call at the start of a program: from now on BLAS uses the thread that calls it, and its own threads end.
void stop_blas_threads();

/// Lets BLAS use all cores again, for networks in Debian's LibTorch, which computes with the same BLAS.
void use_all_blas_threads();

/// While it lives, BLAS uses the thread that calls it, in the whole process. Restores the earlier number at the end.
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
