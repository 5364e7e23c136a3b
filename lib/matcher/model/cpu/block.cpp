#include "matcher/model/cpu/block.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace matcher::model::cpu {
namespace {

/// Rows per task: few enough for even shares, enough to pay for loading a panel of weights.
constexpr std::int64_t rows_per_task = 22 * tile_rows;
constexpr std::int64_t norm_rows = 32;  // rows per task of a norm

/// Computes the panels from `first_panel` on.
void multiply(const Kernels& kernels, const Product& product, Team& team, std::int64_t first_panel = 0) {
  const auto shares = (product.rows + rows_per_task - 1) / rows_per_task;
  const auto tasks = (panels_of(product.columns) - first_panel) * shares;
  team.run(tasks, [&](std::int64_t task, int) {
    const auto first = task % shares * rows_per_task;
    kernels.multiply(product, first, std::min(first + rows_per_task, product.rows), first_panel + task / shares);
  });
}

std::vector<float> joined(const NormWeights& norm, std::int64_t width) {
  std::vector<float> both(norm.weight, norm.weight + width);
  both.insert(both.end(), norm.bias, norm.bias + width);
  return both;
}

std::vector<float> copied(const float* scale, std::int64_t width) {
  return scale == nullptr ? std::vector<float>() : std::vector<float>(scale, scale + width);
}

const float* or_none(const std::vector<float>& numbers) { return numbers.empty() ? nullptr : numbers.data(); }

}  // namespace

PackedLinear::PackedLinear(const Kernels& kernels, const std::vector<LinearWeights>& parts, Team& team)
    : depth_(parts[0].depth) {
  std::vector<const float*> columns;
  for (const auto& part : parts) {
    for (std::int64_t c = 0; c < part.columns; ++c) columns.push_back(part.weight + c * depth_);
  }
  columns_ = std::int64_t(columns.size());
  if (std::ranges::any_of(parts, [](const LinearWeights& part) { return part.bias != nullptr; })) {
    for (const auto& part : parts) {
      bias_.resize(bias_.size() + std::size_t(part.columns));
      if (part.bias != nullptr) std::copy_n(part.bias, part.columns, bias_.end() - part.columns);
    }
  }
  const auto panels = panels_of(columns_), panel_bytes = panel_columns * depth_ * kernels.value_bytes;
  columns.resize(std::size_t(panels * panel_columns), nullptr);
  weights_ = Buffer(std::size_t(panels * panel_bytes));
  team.run(panels, [&](std::int64_t panel, int) {
    kernels.pack(columns.data() + panel * panel_columns, depth_,
                 static_cast<char*>(weights_.data()) + panel * panel_bytes);
  });
}

Product PackedLinear::of(const void* a, std::int64_t rows) const {
  Product product;
  product.a = a;
  product.weights = weights_.data();
  product.bias = or_none(bias_);
  product.rows = rows;
  product.depth = depth_;
  product.columns = columns_;
  return product;
}

Block::Block(const Kernels& kernels, const BlockKind& kind, const BlockWeights& weights, Team& team)
    : kernels_(kernels),
      kind_(kind),
      projected_(kernels, {weights.query, weights.key, weights.value}, team),
      output_(kernels, {weights.output}, team),
      enter_(kernels, {weights.enter}, team),
      leave_(kernels, {weights.leave}, team),
      norm1_(joined(weights.norm1, width())),
      norm2_(joined(weights.norm2, width())),
      scale1_(copied(weights.scale1, width())),
      scale2_(copied(weights.scale2, width())) {}

void Block::normed(const float* x, std::int64_t rows, const std::vector<float>& norm, void* values, Team& team) const {
  team.run((rows + norm_rows - 1) / norm_rows, [&](std::int64_t task, int) {
    const auto row = task * norm_rows;
    kernels_.norm(x + row * width(), std::min(norm_rows, rows - row), width(), norm.data(), norm.data() + width(),
                  kind_.epsilon, static_cast<char*>(values) + row * width() * kernels_.value_bytes);
  });
}

void Block::attend(const Attention& attention, std::int64_t n, Workspace& space) const {
  const auto bytes = (kernels_.scratch_bytes(attention) + 63) / 64 * 64;
  space.scratch.grow(bytes * std::size_t(space.team.size()));
  space.team.run(n * kind_.heads, [&](std::int64_t task, int thread) {
    auto* scratch = static_cast<char*>(space.scratch.data()) + bytes * std::size_t(thread);
    kernels_.attend(attention, task / kind_.heads, task % kind_.heads, scratch);
  });
}

/// Computes queries, keys and values; queries only for the tokens that are kept.
void Block::project(const Product& projected, std::int64_t n, std::int64_t t, std::int64_t kept, Team& team) const {
  if (kept == t) return multiply(kernels_, projected, team);
  multiply(kernels_, projected, team, width() / panel_columns);
  team.run(panels_of(width()), [&](std::int64_t panel, int) {
    for (std::int64_t image = 0; image < n; ++image) kernels_.multiply(projected, image * t, image * t + kept, panel);
  });
}

void Block::run(const float* x, std::int64_t n, std::int64_t t, const float* mask, std::int64_t kept, float* y,
                Workspace& space) const {
  const auto rows = n * kept;
  space.narrow.grow(std::size_t(n * t * width() * kernels_.value_bytes));
  space.wide.grow(std::size_t(n * t * std::max(3 * width(), enter_.columns()) * kernels_.value_bytes));
  auto *narrow = space.narrow.data(), *wide = space.wide.data();

  normed(x, n * t, norm1_, narrow, space.team);
  auto projected = projected_.of(narrow, n * t);
  projected.values = wide;
  project(projected, n, t, kept, space.team);
  const auto head_width = width() / kind_.heads;
  attend({wide, narrow, t, kept, width(), head_width, 1 / std::sqrt(float(head_width)), mask}, n, space);
  if (kept != t)
    for (std::int64_t image = 0; image < n; ++image)
      std::copy_n(x + image * t * width(), kept * width(), y + image * kept * width());
  auto output = output_.of(narrow, rows);
  output.residual = kept == t ? x : y;
  output.scale = or_none(scale1_);
  output.sum = y;
  multiply(kernels_, output, space.team);

  normed(y, rows, norm2_, narrow, space.team);
  auto enter = enter_.of(narrow, rows);
  enter.activation = kind_.activation;
  enter.values = wide;
  multiply(kernels_, enter, space.team);
  auto leave = leave_.of(wide, rows);
  leave.residual = y;
  leave.scale = or_none(scale2_);
  leave.sum = y;
  multiply(kernels_, leave, space.team);
}

void Projection::run(const float* x, std::int64_t n, float* y, Workspace& space) const {
  auto product = linear_.of(x, n);
  product.sum = y;
  multiply(kernels_, product, space.team);
}

Patches::Patches(const Kernels& kernels, const LinearWeights& weights, std::int64_t side, Team& team)
    : kernels_(kernels), side_(side), depth_(weights.depth), linear_(kernels, {weights}, team) {}

/// Copies one row of patches, each [channels, side, side].
void Patches::gather(const float* image, std::int64_t height, std::int64_t width, std::int64_t row,
                     char* values) const {
  for (std::int64_t column = 0; column < width / side_; ++column) {
    for (std::int64_t channel = 0; channel < depth_ / (side_ * side_); ++channel) {
      const auto* from = image + (channel * height + row * side_) * width + column * side_;
      for (std::int64_t y = 0; y < side_; ++y, from += width, values += side_ * kernels_.value_bytes)
        kernels_.convert(from, side_, values);
    }
  }
}

void Patches::run(const float* images, std::int64_t n, std::int64_t height, std::int64_t width, float* tokens,
                  Workspace& space) const {
  const auto down = height / side_, across = width / side_, size = depth_ / (side_ * side_) * height * width;
  space.wide.grow(std::size_t(n * down * across * depth_ * kernels_.value_bytes));
  auto* values = static_cast<char*>(space.wide.data());
  space.team.run(n * down, [&](std::int64_t row, int) {
    gather(images + row / down * size, height, width, row % down,
           values + row * across * depth_ * kernels_.value_bytes);
  });
  auto product = linear_.of(values, n * down * across);
  product.sum = tokens;
  multiply(kernels_, product, space.team);
}

}  // namespace matcher::model::cpu
