// Attention for an `Element`, one image and head at a time. Keys and values are packed like a product's weights, and
// the scores of 12 tokens stay in the first-level cache.
#pragma once

namespace matcher::model::cpu {
namespace {

std::int64_t whole_steps(std::int64_t count) { return (count + Element::step - 1) / Element::step; }

/// Divides the scratch memory; all sizes are multiples of 64 bytes.
struct Scratch {
  std::int64_t scores_stride;  ///< tokens, rounded up to whole panels
  Value *keys, *values, *weights;
  float* scores;

  static std::size_t keys_bytes(const Attention& a) {
    return std::size_t(panels_of(a.tokens) * panel_columns * a.head_width) * sizeof(Value);
  }
  static std::size_t values_bytes(const Attention& a) {
    return std::size_t(panels_of(a.head_width) * panel_columns * whole_steps(a.tokens)) * 4;
  }
  static std::size_t row_bytes(const Attention& a) { return std::size_t(panels_of(a.tokens) * panel_columns) * 4; }

  Scratch(const Attention& a, void* memory)
      : scores_stride(panels_of(a.tokens) * panel_columns), keys(static_cast<Value*>(memory)) {
    auto* at = static_cast<char*>(memory) + keys_bytes(a);
    values = reinterpret_cast<Value*>(at);
    weights = reinterpret_cast<Value*>(at += values_bytes(a));
    scores = reinterpret_cast<float*>(at + std::size_t(tile_rows) * row_bytes(a));
  }
};

std::size_t scratch_bytes(const Attention& a) {
  return Scratch::keys_bytes(a) + Scratch::values_bytes(a) + 2 * std::size_t(tile_rows) * Scratch::row_bytes(a);
}

/// Packs values [tokens, head_width] with tokens as the depth, in panels of `width` columns and `packed_steps` steps.
template <std::int64_t width = panel_columns>
void pack_values(const Value* from, std::int64_t stride, const Attention& attention, std::int64_t packed_steps,
                 Value* to) {
  const auto steps = whole_steps(attention.tokens);
  for (std::int64_t column = 0; column < (attention.head_width + width - 1) / width * width; column += lanes) {
    const auto which = columns_at(column, attention.head_width);
    auto* panel = to + (column / width * width * packed_steps + column % width) * Element::step;
    for (std::int64_t s = 0; s < packed_steps; ++s) {
      const auto token = s * Element::step;
      if (s < steps)
        Element::interleave(from + token * stride + column, stride, token + 1 < attention.tokens, which,
                            panel + s * width * Element::step);
      else
        __builtin_memset(panel + s * width * Element::step, 0, lanes * 4);
    }
  }
}

/// Turns the scores of one token into weights that are not yet divided by their sum; returns the sum.
float soften(float* scores, const Attention& attention, const float* mask, Value* weights, std::int64_t stride) {
  const auto scale = Floats::of(attention.scale);
  auto most = Floats::of(-3e38f);
  for (std::int64_t c = 0; c < attention.tokens; c += lanes) {
    const auto which = columns_at(c, attention.tokens);
    auto score = Floats::load(scores + c) * scale;
    if (mask != nullptr) score = score + Floats::load(mask + c, which);
    score.store(scores + c);
    most = choose(which, maximum(most, score), most);
  }
  const auto highest = Floats::of(most.largest());
  auto sum = Floats::zero();
  for (std::int64_t c = 0; c < stride; c += lanes) {
    const auto weight =
        choose(columns_at(c, attention.tokens), exponential(Floats::load(scores + c) - highest), Floats::zero());
    sum = sum + weight;
    Element::store(weights + c, weight, first_of(lanes));
  }
  return sum.sum();
}

void attend(const Attention& attention, std::int64_t image, std::int64_t head, void* memory) {
  const Scratch scratch(attention, memory);
  const auto tokens = attention.tokens, stride = 3 * attention.width, inside = attention.head_width / Element::step;
  const auto* query =
      static_cast<const Value*>(attention.projected) + image * tokens * stride + head * attention.head_width;
  const auto* key = query + attention.width;
  for (std::int64_t t = 0; t < tokens; t += panel_columns)
    transpose(key + t * stride, stride, tokens - t < panel_columns ? tokens - t : panel_columns, inside,
              scratch.keys + t * attention.head_width);
  pack_values(key + attention.width, stride, attention, whole_steps(tokens), scratch.values);

  auto* out = static_cast<Value*>(attention.attended) + image * attention.queries * attention.width +
              head * attention.head_width;
  alignas(64) float sums[tile_rows * panel_columns];
  for (std::int64_t row = 0, done = 0; row < attention.queries; row += done) {
    for (std::int64_t t = 0; t < tokens; t += panel_columns)
      done = some_rows(attention.queries - row, query + row * stride, stride, scratch.keys + t * attention.head_width,
                       inside, scratch.scores + t, scratch.scores_stride);
    float shares[tile_rows];
    for (std::int64_t i = 0; i < done; ++i)
      shares[i] = 1 / soften(scratch.scores + i * scratch.scores_stride, attention,
                             attention.mask == nullptr ? nullptr : attention.mask + (row + i) * tokens,
                             scratch.weights + i * scratch.scores_stride, scratch.scores_stride);
    for (std::int64_t panel = 0; panel < panels_of(attention.head_width); ++panel) {
      some_rows(done, scratch.weights, scratch.scores_stride,
                scratch.values + panel * panel_columns * whole_steps(tokens) * Element::step, whole_steps(tokens), sums,
                panel_columns);
      for (std::int64_t i = 0; i < done * panel_columns; i += lanes) {
        const auto column = panel * panel_columns + i % panel_columns;
        const auto value = Floats::load(sums + i) * Floats::of(shares[i / panel_columns]);
        Element::store(out + (row + i / panel_columns) * attention.width + column, value,
                       columns_at(column, attention.head_width));
      }
    }
  }
}

}  // namespace
}  // namespace matcher::model::cpu
