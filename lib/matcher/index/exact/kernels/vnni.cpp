// Compiled with AVX-512: only intrinsics and plain loops, so that no function of the standard library is compiled here.
#include "matcher/index/exact/kernels/vnni.hpp"

#include <immintrin.h>

namespace matcher::index {
namespace {

constexpr std::size_t width = 16;      ///< floats per register
constexpr float least_range = 1e-30f;  ///< vectors below are rounded to zero
constexpr float largest_code = 127;

__mmask16 mask_of(std::size_t count) { return __mmask16(count >= width ? 0xffff : (1u << count) - 1); }

__m512 load_difference(const float* row, const float* mean, __mmask16 mask) {
  return _mm512_sub_ps(_mm512_maskz_loadu_ps(mask, row), _mm512_maskz_loadu_ps(mask, mean));
}

__m512d low_half(__m512 values) { return _mm512_cvtps_pd(_mm512_castps512_ps256(values)); }
__m512d high_half(__m512 values) { return _mm512_cvtps_pd(_mm512_extractf32x8_ps(values, 1)); }

__m512d add_products(__m512d sum, __m512 a, __m512 b) {
  return _mm512_fmadd_pd(high_half(a), high_half(b), _mm512_fmadd_pd(low_half(a), low_half(b), sum));
}

float find_range(const float* row, const float* mean, std::size_t d) {
  __m512 largest = _mm512_setzero_ps();
  for (std::size_t i = 0; i < d; i += width)
    largest = _mm512_max_ps(_mm512_abs_ps(load_difference(row + i, mean + i, mask_of(d - i))), largest);
  return _mm512_reduce_max_ps(largest);
}

float root_above(double square) {
  const __m128d root = _mm_sqrt_sd(_mm_setzero_pd(), _mm_set_sd(square));
  return _mm_cvtss_f32(_mm_cvt_roundsd_ss(_mm_setzero_ps(), root, _MM_FROUND_TO_POS_INF | _MM_FROUND_NO_EXC));
}

RoundedRow round(const float* row, const float* mean, std::size_t d, std::uint8_t zero, std::uint8_t* codes) {
  const float range = find_range(row, mean, d);
  const bool is_zero = range < least_range;
  RoundedRow rounded;
  rounded.scale = is_zero ? 0 : range / largest_code;
  const __m512 scale = _mm512_set1_ps(rounded.scale), inverse = _mm512_set1_ps(is_zero ? 0 : largest_code / range);
  const __m512i limit = _mm512_set1_epi32(127), lower_limit = _mm512_set1_epi32(-127), shift = _mm512_set1_epi32(zero);
  __m512d errors = _mm512_setzero_pd(), with_mean = errors, squares = errors;
  for (std::size_t i = 0; i < d; i += width) {
    const auto mask = mask_of(d - i);
    const __m512 value = load_difference(row + i, mean + i, mask);
    const __m512i code =
        _mm512_max_epi32(lower_limit, _mm512_min_epi32(limit, _mm512_cvtps_epi32(_mm512_mul_ps(value, inverse))));
    const __m512 number = _mm512_cvtepi32_ps(code), error = _mm512_fnmadd_ps(scale, number, value);
    errors = add_products(errors, error, error);
    squares = add_products(squares, number, number);
    with_mean = add_products(with_mean, value, _mm512_maskz_loadu_ps(mask, mean + i));
    _mm_mask_storeu_epi8(codes + i, mask, _mm512_cvtepi32_epi8(_mm512_add_epi32(code, shift)));
  }
  const double length = rounded.scale;
  rounded.length = root_above(length * length * _mm512_reduce_add_pd(squares));
  rounded.error = root_above(_mm512_reduce_add_pd(errors));
  rounded.with_mean = float(_mm512_reduce_add_pd(with_mean));
  return rounded;
}

/// Adds the numbers of each register: [sum of a, sum of b, sum of c, sum of d].
__m128i reduce(__m512i a, __m512i b, __m512i c, __m512i d) {
  const __m512i ab = _mm512_add_epi32(_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
  const __m512i cd = _mm512_add_epi32(_mm512_unpacklo_epi32(c, d), _mm512_unpackhi_epi32(c, d));
  const __m512i all = _mm512_add_epi32(_mm512_unpacklo_epi64(ab, cd), _mm512_unpackhi_epi64(ab, cd));
  const __m256i half = _mm256_add_epi32(_mm512_castsi512_si256(all), _mm512_extracti64x4_epi64(all, 1));
  return _mm_add_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}

constexpr int ahead = 8;  ///< rows that are fetched early: a search of one query waits for memory

/// Multiplies `R` rows by four queries.
template <int R>
void multiply_rows(const std::uint8_t* rows, const std::uint8_t* queries, std::size_t stride, std::size_t lanes,
                   std::int32_t* products) {
  __m512i sums[R][4];
  for (auto& row : sums) {
    for (auto& sum : row) sum = _mm512_setzero_si512();
  }
  for (std::size_t i = 0; i < stride; i += code_block) {
    __m512i query[4];
    for (std::size_t q = 0; q < 4; ++q) query[q] = _mm512_loadu_si512(queries + q * stride + i);
    for (int r = 0; r < R; ++r) {
      const __m512i row = _mm512_loadu_si512(rows + std::size_t(r) * stride + i);
      _mm_prefetch(reinterpret_cast<const char*>(rows + std::size_t(r + ahead) * stride + i), _MM_HINT_T0);
      for (int q = 0; q < 4; ++q) sums[r][q] = _mm512_dpbusd_epi32(sums[r][q], row, query[q]);
    }
  }
  for (int r = 0; r < R; ++r) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(products + std::size_t(r) * lanes),
                     reduce(sums[r][0], sums[r][1], sums[r][2], sums[r][3]));
  }
}

/// Visits the rows in blocks that stay in the first cache.
void multiply(const std::uint8_t* rows, std::size_t n, const QueryCodes& queries, std::int32_t* products) {
  constexpr std::size_t block = 32;
  const auto stride = queries.stride, lanes = queries.lanes;
  for (std::size_t first = 0; first < n; first += block) {
    const auto last = first + block < n ? first + block : n;
    for (std::size_t q = 0; q < queries.count; q += 4) {
      const auto* query = queries.codes + q * stride;
      std::size_t r = first;
      for (; r + 4 <= last; r += 4) multiply_rows<4>(rows + r * stride, query, stride, lanes, products + r * lanes + q);
      for (; r < last; ++r) multiply_rows<1>(rows + r * stride, query, stride, lanes, products + r * lanes + q);
    }
  }
}

/// One row in all lanes.
struct WideRow {
  __m512 scale, length, error, with_mean;
};

WideRow widen(const RoundedRow& row) {
  return {_mm512_set1_ps(row.scale), _mm512_set1_ps(row.length), _mm512_set1_ps(row.error),
          _mm512_set1_ps(row.with_mean)};
}

/// Selects among `R` rows, which reads each query's numbers once for all of them.
template <int R>
Passed* select_rows(const std::int32_t* products, const RoundedRow* rows, std::uint32_t first,
                    const QueryBounds& queries, const float* thresholds, std::size_t lanes, Passed* passed) {
  WideRow wide[R];
  for (int r = 0; r < R; ++r) wide[r] = widen(rows[r]);
  for (std::size_t lane = 0; lane < lanes; lane += width) {
    const __m512 base = _mm512_loadu_ps(queries.base + lane), per_error = _mm512_loadu_ps(queries.per_error + lane);
    const __m512 per_length = _mm512_loadu_ps(queries.per_length + lane), scale = _mm512_loadu_ps(queries.scale + lane);
    const __m512 threshold = _mm512_loadu_ps(thresholds + lane);
    const __m512i offset = _mm512_loadu_si512(queries.offset + lane);
    __m512i product[R];
    __mmask16 mask[R];
    unsigned any = 0;
    for (int r = 0; r < R; ++r) {
      product[r] = _mm512_sub_epi32(_mm512_loadu_si512(products + std::size_t(r) * lanes + lane), offset);
      __m512 bound = _mm512_fmadd_ps(wide[r].error, per_error, _mm512_add_ps(wide[r].with_mean, base));
      bound = _mm512_fmadd_ps(wide[r].length, per_length, bound);
      bound = _mm512_fmadd_ps(_mm512_mul_ps(_mm512_cvtepi32_ps(product[r]), wide[r].scale), scale, bound);
      mask[r] = _mm512_cmp_ps_mask(bound, threshold, _CMP_NLT_UQ);  // a bound that is not a number passes
      any |= mask[r];
    }
    if (any == 0) continue;
    for (int r = 0; r < R; ++r) {
      alignas(64) std::int32_t values[width];
      _mm512_store_si512(values, product[r]);
      for (unsigned bits = mask[r]; bits != 0; bits &= bits - 1) {
        const auto bit = unsigned(__builtin_ctz(bits));
        *passed++ = {first + std::uint32_t(r), std::uint32_t(lane + bit), values[bit]};
      }
    }
  }
  return passed;
}

std::size_t select(const std::int32_t* products, const RoundedRow* rows, std::size_t n, const QueryBounds& queries,
                   const float* thresholds, std::size_t lanes, Passed* passed) {
  auto* end = passed;
  std::size_t r = 0;
  for (; r + 4 <= n; r += 4)
    end = select_rows<4>(products + r * lanes, rows + r, std::uint32_t(r), queries, thresholds, lanes, end);
  for (; r < n; ++r)
    end = select_rows<1>(products + r * lanes, rows + r, std::uint32_t(r), queries, thresholds, lanes, end);
  return std::size_t(end - passed);
}

}  // namespace

const Kernels vnni_kernels{round, multiply, select};

}  // namespace matcher::index
