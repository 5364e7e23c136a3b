// The kernels beside oneDNN's products on tiles. Attention, one image and head at a time, is two products on tiles.
#pragma once

#include "matcher/model/cpu/onednn.hpp"

namespace matcher::model::cpu {
namespace {

constexpr std::int64_t rounded_up(std::int64_t count, std::int64_t unit) { return (count + unit - 1) / unit * unit; }

/// Divides the scratch memory; all sizes are multiples of 64 bytes.
struct TileScratch {
  std::int64_t depth;  ///< tokens, rounded up to whole units of the depth
  Value *queries, *keys, *values, *weights;
  float *scores, *sums;
  std::size_t bytes;

  TileScratch(const Attention& a, void* memory) : depth(panels_on_tiles.depth(a.tokens)) {
    auto at = reinterpret_cast<std::uintptr_t>(memory);
    const auto take = [&](std::int64_t size) {
      const auto taken = at;
      at += std::uintptr_t(rounded_up(size, 64));
      return taken;
    };
    constexpr auto panels = panels_on_tiles;
    constexpr auto rows = rows_on_tiles;
    queries = reinterpret_cast<Value*>(take(rows * a.head_width * 2));
    keys = reinterpret_cast<Value*>(take(panels.count(depth) * panels.size(a.head_width) * 2));
    values = reinterpret_cast<Value*>(take(panels.count(a.head_width) * panels.size(depth) * 2));
    weights = reinterpret_cast<Value*>(take(rows * depth * 2));
    scores = reinterpret_cast<float*>(take(rows * depth * 4));
    sums = reinterpret_cast<float*>(take(rows * a.head_width * 4));
    bytes = at - reinterpret_cast<std::uintptr_t>(memory);
  }
};

/// True if tiles compute this attention. Any other is computed by our own kernels.
bool fits_tiles(const Attention& a) { return a.head_width % panels_on_tiles.depth_unit == 0; }

std::size_t tile_scratch_bytes(const Attention& a) {
  return fits_tiles(a) ? TileScratch(a, nullptr).bytes : scratch_bytes(a);
}

/// out [rows_on_tiles, columns] = a [rows_on_tiles, depth] * packed
void multiply_plain(const Value* a, const Value* packed, std::int64_t depth, std::int64_t columns, float* out) {
  Product product;
  product.a = a;
  product.weights = packed;
  product.rows = rows_on_tiles;
  product.depth = depth;
  product.columns = columns;
  product.sum = out;
  multiply_on_tiles(product, 0, rows_on_tiles, 0);
}

void attend_on_tiles(const Attention& attention, std::int64_t image, std::int64_t head, void* memory) {
  if (!fits_tiles(attention)) return attend(attention, image, head, memory);
  const TileScratch scratch(attention, memory);
  constexpr auto panel = panels_on_tiles.columns;
  const auto tokens = attention.tokens, inside = attention.head_width, stride = 3 * attention.width;
  const auto* query = static_cast<const Value*>(attention.projected) + image * tokens * stride + head * inside;
  const auto* key = query + attention.width;
  for (std::int64_t t = 0; t < tokens; t += panel)
    transpose<panel>(key + t * stride, stride, lesser(tokens - t, panel), inside / Element::step,
                     scratch.keys + t * inside);
  pack_values<panel>(key + attention.width, stride, attention, scratch.depth / Element::step, scratch.values);

  auto* out = static_cast<Value*>(attention.attended) + image * attention.queries * attention.width + head * inside;
  for (std::int64_t first = 0; first < attention.queries; first += rows_on_tiles) {
    const auto rows = lesser(attention.queries - first, rows_on_tiles), unused = rows_on_tiles - rows;
    for (std::int64_t i = 0; i < rows; ++i)
      __builtin_memcpy(scratch.queries + i * inside, query + (first + i) * stride, std::size_t(inside) * 2);
    __builtin_memset(scratch.queries + rows * inside, 0, std::size_t(unused * inside) * 2);
    multiply_plain(scratch.queries, scratch.keys, inside, scratch.depth, scratch.scores);
    float shares[rows_on_tiles];
    for (std::int64_t i = 0; i < rows; ++i)
      shares[i] = 1 / soften(scratch.scores + i * scratch.depth, attention,
                             attention.mask == nullptr ? nullptr : attention.mask + (first + i) * tokens,
                             scratch.weights + i * scratch.depth, scratch.depth);
    __builtin_memset(scratch.weights + rows * scratch.depth, 0, std::size_t(unused * scratch.depth) * 2);
    multiply_plain(scratch.weights, scratch.values, scratch.depth, inside, scratch.sums);
    for (std::int64_t i = 0; i < rows; ++i)
      for (std::int64_t c = 0; c < inside; c += lanes)
        Element::store(out + (first + i) * attention.width + c,
                       Floats::load(scratch.sums + i * inside + c) * Floats::of(shares[i]), first_of(lanes));
  }
}

constexpr Kernels on_tiles{
    "onednn_bf16", sizeof(Value), Element::step, true, panels_on_tiles,    pack<panels_on_tiles>, multiply_on_tiles,
    norm,          convert,       gate,          turn, tile_scratch_bytes, attend_on_tiles};

}  // namespace
}  // namespace matcher::model::cpu
