#include "matcher/image/resize/columns.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define MATCHER_WITH_AVX2
#endif

namespace matcher::image {
namespace {

constexpr std::int32_t half = 1 << (fraction_bits - 1);

Image make_result(const std::vector<Taps>& columns, int height) {
  const int width = static_cast<int>(columns.size());
  return {width, height, std::vector<std::uint8_t>(std::size_t(width) * std::size_t(height) * 3)};
}

#ifdef MATCHER_WITH_AVX2

// Four source pixels and the rows of this many images of them at a time.
constexpr int rows_at_once = 4, block_pixels = 4, half_bits = fraction_bits / 2;

/// The weights of four source pixels, split so that products of 16 bits are exact: weight = high * 2^11 + low. Pairs of
/// neighbours stand side by side, for red, green, blue and nothing.
struct alignas(32) Block {
  std::array<std::int16_t, 16> high{}, low{};

  void put(std::size_t pixel, std::int32_t weight) {
    for (std::size_t colour = 0; colour < 4; ++colour) {
      const auto at = pixel / 2 * 8 + colour * 2 + pixel % 2;
      high[at] = static_cast<std::int16_t>(weight >> half_bits);
      low[at] = static_cast<std::int16_t>(weight & ((1 << half_bits) - 1));
    }
  }
};

std::vector<std::vector<Block>> split_weights(const std::vector<Taps>& columns) {
  std::vector<std::vector<Block>> all;
  for (const auto& [first, weights] : columns) {
    auto& blocks = all.emplace_back((weights.size() + block_pixels - 1) / block_pixels);
    for (std::size_t i = 0; i < weights.size(); ++i) blocks[i / block_pixels].put(i % block_pixels, weights[i]);
  }
  return all;
}

/// Adds the halves of both lanes, rounds, and writes red, green and blue.
[[gnu::target("avx2")]] void write_pixel(__m256i high, __m256i low, std::uint8_t* to) {
  const __m256i sums = _mm256_add_epi32(_mm256_slli_epi32(high, half_bits), low);
  const __m128i sum = _mm_add_epi32(_mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1)),
                                    _mm_set1_epi32(half));
  const __m128i words = _mm_packs_epi32(_mm_srai_epi32(sum, fraction_bits), _mm_setzero_si128());
  const int bytes = _mm_cvtsi128_si32(_mm_packus_epi16(words, words));
  std::memcpy(to, &bytes, 3);
}

/// Reads up to 16 bytes from the first pixel of every block, also beyond the last pixel of a row.
[[gnu::target("avx2")]] void combine_four_rows(std::array<const std::uint8_t*, rows_at_once> from,
                                               const std::vector<Taps>& columns,
                                               const std::vector<std::vector<Block>>& weights,
                                               std::array<std::uint8_t*, rows_at_once> to) {
  // The first lane gets pixels 0 and 1 as r0 r1 g0 g1 b0 b1, in 16 bits each; the second lane pixels 2 and 3.
  const __m256i pairs = _mm256_setr_epi8(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1,  //
                                         6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1);
  for (std::size_t column = 0; column < columns.size(); ++column) {
    // Unrolled, so that the sums stay in registers.
    __m256i high[rows_at_once], low[rows_at_once];
#pragma GCC unroll 4
    for (int row = 0; row < rows_at_once; ++row) high[row] = low[row] = _mm256_setzero_si256();
    auto at = std::size_t(columns[column].first) * 3;
    for (const Block& block : weights[column]) {
      const auto high_weights = _mm256_load_si256(reinterpret_cast<const __m256i*>(block.high.data()));
      const auto low_weights = _mm256_load_si256(reinterpret_cast<const __m256i*>(block.low.data()));
#pragma GCC unroll 4
      for (int row = 0; row < rows_at_once; ++row) {
        const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from[std::size_t(row)] + at));
        const auto pixels = _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(bytes), pairs);
        high[row] = _mm256_add_epi32(high[row], _mm256_madd_epi16(pixels, high_weights));
        low[row] = _mm256_add_epi32(low[row], _mm256_madd_epi16(pixels, low_weights));
      }
      at += 3 * block_pixels;
    }
#pragma GCC unroll 4
    for (int row = 0; row < rows_at_once; ++row) write_pixel(high[row], low[row], to[std::size_t(row)] + column * 3);
  }
}

/// Copies the last rows of an image with room behind them, because reading there goes beyond their ends.
class RoomyRows {
 public:
  RoomyRows(const Image& image, int first, int count) : stride_(std::size_t(image.width) * 3 + room), first_(first) {
    bytes_.resize(stride_ * std::size_t(count));
    for (int row = 0; row < count; ++row)
      std::copy_n(image.row(first + row), std::size_t(image.width) * 3, bytes_.begin() + std::ptrdiff_t(stride_) * row);
  }
  const std::uint8_t* row(int y) const { return bytes_.data() + stride_ * std::size_t(y - first_); }

 private:
  static constexpr std::size_t room = 16;
  std::size_t stride_;
  int first_;
  std::vector<std::uint8_t> bytes_;
};

Image combine_columns_in_avx2(const Image& image, const std::vector<Taps>& columns, int first_row, int last_row) {
  Image result = make_result(columns, last_row - first_row);
  const auto weights = split_weights(columns);
  // A row may be read 16 bytes beyond its end: into the following row, if that is as long.
  const int roomy = std::max(first_row, last_row - (image.width >= 6 ? 1 : last_row));
  const RoomyRows last(image, roomy, last_row - roomy);
  for (int y = first_row; y < last_row; y += rows_at_once) {
    std::array<const std::uint8_t*, rows_at_once> from;
    std::array<std::uint8_t*, rows_at_once> to;
    for (int i = 0; i < rows_at_once; ++i) {
      const int row = std::min(y + i, last_row - 1);
      from[std::size_t(i)] = row < roomy ? image.row(row) : last.row(row);
      to[std::size_t(i)] = result.row(row - first_row);
    }
    combine_four_rows(from, columns, weights, to);
  }
  return result;
}

#endif

// Red, green, blue and a zero of a pixel and of the pixel one row below: one product per tap instead of six.
using PixelPair = std::int32_t __attribute__((vector_size(32)));
// At the edge of an image, sums may leave the range of 32 bits. They wrap there, as Pillow's do, so they are unsigned.
using WrappingPair = std::uint32_t __attribute__((vector_size(32)));

void widen(const std::uint8_t* upper, const std::uint8_t* lower, PixelPair* to, std::size_t count) {
  for (; count > 0; --count, upper += 3, lower += 3)
    *to++ = PixelPair{upper[0], upper[1], upper[2], 0, lower[0], lower[1], lower[2], 0};
}

void combine_two_rows(const PixelPair* source, const std::vector<Taps>& columns, std::uint8_t* upper,
                      std::uint8_t* lower) {
  for (const Taps& taps : columns) {
    const PixelPair* pixels = source + taps.first;
    WrappingPair wrapping = WrappingPair{} + std::uint32_t{half};
    for (const std::int32_t weight : taps.weights) wrapping += WrappingPair(*pixels++) * std::uint32_t(weight);
    PixelPair sum = PixelPair(wrapping) >> fraction_bits;
    sum = sum < 0 ? 0 : sum;
    sum = sum > 255 ? 255 : sum;
    for (int channel = 0; channel < 3; ++channel) {
      *upper++ = static_cast<std::uint8_t>(sum[channel]);
      *lower++ = static_cast<std::uint8_t>(sum[channel + 4]);
    }
  }
}

}  // namespace

Image combine_columns_portably(const Image& image, const std::vector<Taps>& columns, int first_row, int last_row) {
  Image result = make_result(columns, last_row - first_row);
  std::vector<PixelPair> wide(static_cast<std::size_t>(image.width));
  for (int upper = first_row; upper < last_row; upper += 2) {
    const int lower = std::min(upper + 1, last_row - 1);
    widen(image.row(upper), image.row(lower), wide.data(), wide.size());
    combine_two_rows(wide.data(), columns, result.row(upper - first_row), result.row(lower - first_row));
  }
  return result;
}

Image combine_columns(const Image& image, const std::vector<Taps>& columns, int first_row, int last_row) {
#ifdef MATCHER_WITH_AVX2
  if (__builtin_cpu_supports("avx2")) return combine_columns_in_avx2(image, columns, first_row, last_row);
#endif
  return combine_columns_portably(image, columns, first_row, last_row);
}

}  // namespace matcher::image
