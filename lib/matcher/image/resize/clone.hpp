// Compiles a loop a second time for AVX2; the loader chooses.
#pragma once

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define MATCHER_FAST_CLONE [[gnu::target_clones("avx2", "default")]]
#else
#define MATCHER_FAST_CLONE
#endif
