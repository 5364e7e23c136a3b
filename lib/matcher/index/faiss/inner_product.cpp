// Replaces the inner product of FAISS, in searches, graphs and coarse quantisers (CMakeLists.txt tells the linker).
// A FAISS compiled for any x86-64, as Debian's is, adds one product at a time, which takes nine tenths of a search.
// This one adds in one fixed order, so that every processor gives the same bits.
#include <cstddef>
#include <cstring>

namespace {

constexpr std::size_t lanes = 8;
using Lanes [[gnu::vector_size(lanes * sizeof(float))]] = float;

[[gnu::always_inline]] inline void add_products(Lanes& sums, const float* a, const float* b) {
  Lanes x, y;
  std::memcpy(&x, a, sizeof x);
  std::memcpy(&y, b, sizeof y);
  sums += x * y;
}

/// Keeps four sums per lane, so that an addition need not wait for the one before it.
[[gnu::always_inline]] inline float inner_product(const float* a, const float* b, std::size_t d) {
  Lanes first{}, second{}, third{}, fourth{};
  std::size_t i = 0;
  for (; i + 4 * lanes <= d; i += 4 * lanes) {
    add_products(first, a + i, b + i);
    add_products(second, a + i + lanes, b + i + lanes);
    add_products(third, a + i + 2 * lanes, b + i + 2 * lanes);
    add_products(fourth, a + i + 3 * lanes, b + i + 3 * lanes);
  }
  for (; i + lanes <= d; i += lanes) add_products(first, a + i, b + i);
  const Lanes all = (first + second) + (third + fourth);
  float rest = 0;
  for (; i < d; ++i) rest += a[i] * b[i];
  return ((all[0] + all[4]) + (all[2] + all[6])) + ((all[1] + all[5]) + (all[3] + all[7])) + rest;
}

using Kernel = float(const float*, const float*, std::size_t);

float on_any(const float* a, const float* b, std::size_t d) { return inner_product(a, b, d); }

#ifdef __x86_64__
[[gnu::target("avx2")]] float on_avx2(const float* a, const float* b, std::size_t d) { return inner_product(a, b, d); }
Kernel* fastest() { return __builtin_cpu_supports("avx2") ? on_avx2 : on_any; }
#else
Kernel* fastest() { return on_any; }
#endif

Kernel* const kernel = fastest();

}  // namespace

/// Computes what faiss::fvec_inner_product(a, b, d) computes, for vectors [d].
extern "C" float matcher_inner_product(const float* a, const float* b, std::size_t d) { return kernel(a, b, d); }
