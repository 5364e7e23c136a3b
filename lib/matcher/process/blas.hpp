// Loads OpenBLAS, which FAISS computes with, when it is needed, and limits its threads. OpenBLAS begins threads when it
// is loaded; they busy-wait for 26 ms after each product, longer than most commands run, and need 132 MiB of address
// space each. Its rounding depends on how it splits the work. So searches use their own threads, with one BLAS thread
// each.
#pragma once

#include <cstddef>

namespace matcher {

/// Loads BLAS and LAPACK, once. Later, FAISS's calls reach them. Throws Error(resource) if they are missing, or if
/// `ulimit -v` leaves no room for `threads` products at a time: OpenBLAS would then wait for ever.
void load_blas(std::size_t threads = 1);

/// Returns the address of a function of BLAS or LAPACK, such as "sgemm_". Throws as load_blas().
void* find_blas_function(const char* name);

/// Ends the threads that OpenBLAS began when it was loaded, also by another library. Does nothing without OpenBLAS.
void stop_blas_threads();

/// Lets BLAS use all cores again, for networks in Debian's LibTorch, which computes with the same BLAS.
void use_all_blas_threads();

/// While it lives, BLAS uses the thread that calls it, in the whole process; `threads` call it at a time. Restores the
/// earlier number at the end. Throws as load_blas().
class OneBlasThread {
 public:
  explicit OneBlasThread(std::size_t threads = 1);
  ~OneBlasThread();
  OneBlasThread(const OneBlasThread&) = delete;
  OneBlasThread& operator=(const OneBlasThread&) = delete;

 private:
  int before_ = 1;
};

}  // namespace matcher
