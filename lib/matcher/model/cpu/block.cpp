#include "matcher/model/cpu/block.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace matcher::model::cpu {
namespace {

/// Rows per task: few enough for even shares, enough to pay for loading a panel of weights.
constexpr std::int64_t rows_per_task = 22 * tile_rows;
constexpr std::int64_t rows_per_norm = 32;  // rows per task of a norm
/// Rows per task that computes all columns: its values stay in the second-level cache.
constexpr std::int64_t rows_per_share = 192;
/// Largest part of the hidden width whose values stay in the second-level cache.
constexpr std::int64_t hidden_part = 1024;

/// Calls work(first, last) for equal shares of the rows, in whole blocks for tiles.
template <class Work>
void in_shares(std::int64_t rows, Team& team, const Work& work) {
  const auto blocks = (rows + rows_on_tiles - 1) / rows_on_tiles, threads = std::int64_t(team.size());
  const auto rounds = (blocks * rows_on_tiles + rows_per_share * threads - 1) / (rows_per_share * threads);
  const auto size = (blocks + rounds * threads - 1) / (rounds * threads) * rows_on_tiles;
  team.run((rows + size - 1) / size,
           [&](std::int64_t task, int) { work(task * size, std::min((task + 1) * size, rows)); });
}

/// Computes the panels from `first_panel` on.
void multiply(const Kernels& kernels, const Product& product, Team& team, std::int64_t first_panel = 0) {
  if (kernels.all_columns)
    return in_shares(product.rows, team,
                     [&](std::int64_t first, std::int64_t last) { kernels.multiply(product, first, last, 0); });
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

/// Returns the sizes of equal parts of `whole`, at most `most` each and multiples of a panel but for the last.
std::vector<std::int64_t> parts_of(std::int64_t whole, std::int64_t most) {
  const auto count = (whole + most - 1) / most, unit = panels_on_tiles.columns;
  const auto size = ((whole + count - 1) / count + unit - 1) / unit * unit;
  std::vector<std::int64_t> parts;
  for (std::int64_t first = 0; first < whole; first += size) parts.push_back(std::min(size, whole - first));
  return parts;
}

const float* or_none(const std::vector<float>& numbers) { return numbers.empty() ? nullptr : numbers.data(); }

}  // namespace

LinearWeights LinearWeights::some_columns(std::int64_t first, std::int64_t count) const {
  const auto apart = stride > 0 ? stride : depth;
  return {weight + first * apart, bias == nullptr ? nullptr : bias + first, count, depth, apart};
}

LinearWeights LinearWeights::some_depth(std::int64_t first, std::int64_t count) const {
  return {weight + first, first == 0 ? bias : nullptr, columns, count, stride > 0 ? stride : depth};
}

PackedLinear::PackedLinear(const Kernels& kernels, const std::vector<LinearWeights>& parts, Team& team)
    : depth_(parts[0].depth) {
  std::vector<const float*> columns;
  for (const auto& part : parts) {
    const auto stride = part.stride > 0 ? part.stride : depth_;
    for (std::int64_t c = 0; c < part.columns; ++c) columns.push_back(part.weight + c * stride);
  }
  columns_ = std::int64_t(columns.size());
  if (std::ranges::any_of(parts, [](const LinearWeights& part) { return part.bias != nullptr; })) {
    for (const auto& part : parts) {
      bias_.resize(bias_.size() + std::size_t(part.columns));
      if (part.bias != nullptr) std::copy_n(part.bias, part.columns, bias_.end() - part.columns);
    }
  }
  const auto panels = kernels.panels.count(columns_), panel_bytes = kernels.panels.size(depth_) * kernels.value_bytes;
  columns.resize(std::size_t(panels * kernels.panels.columns), nullptr);
  weights_ = Buffer(std::size_t(panels * panel_bytes));
  team.run(panels, [&](std::int64_t panel, int) {
    kernels.pack(columns.data() + panel * kernels.panels.columns, depth_,
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
      norm1_(joined(weights.norm1, width())),
      norm2_(joined(weights.norm2, width())),
      scale1_(copied(weights.scale1, width())),
      scale2_(copied(weights.scale2, width())) {
  const auto hidden = weights.enter.columns;
  std::int64_t first = 0;
  for (const auto count : parts_of(hidden, kernels.all_columns ? hidden_part : hidden)) {
    enter_.emplace_back(kernels, std::vector{weights.enter.some_columns(first, count)}, team);
    leave_.emplace_back(kernels, std::vector{weights.leave.some_depth(first, count)}, team);
    first += count;
  }
}

/// One run of a block. Inside it, images [n, t] are rows.
struct Block::Pass {
  const float* x;
  std::int64_t n, t;
  const float* mask;
  std::int64_t kept;
  float* y;
  char *narrow, *wide;  ///< values [n * t, width], and [n * t, 3 * width] or of the hidden width

  std::int64_t rows() const { return n * t; }
  std::int64_t kept_rows() const { return n * kept; }
};

void Block::norm_rows(const float* x, std::int64_t first, std::int64_t last, const std::vector<float>& norm,
                      void* values) const {
  kernels_.norm(x + first * width(), last - first, width(), norm.data(), norm.data() + width(), kind_.epsilon,
                static_cast<char*>(values) + first * width() * kernels_.value_bytes);
}

void Block::normed(const float* x, std::int64_t rows, const std::vector<float>& norm, void* values, Team& team) const {
  team.run((rows + rows_per_norm - 1) / rows_per_norm, [&](std::int64_t task, int) {
    norm_rows(x, task * rows_per_norm, std::min((task + 1) * rows_per_norm, rows), norm, values);
  });
}

void Block::attend(const Pass& pass, Workspace& space) const {
  const auto head_width = width() / kind_.heads;
  const Attention attention{
      pass.wide, pass.narrow, pass.t, pass.kept, width(), head_width, 1 / std::sqrt(float(head_width)), pass.mask};
  const auto bytes = (kernels_.scratch_bytes(attention) + 63) / 64 * 64;
  space.scratch.grow(bytes * std::size_t(space.team.size()));
  space.team.run(pass.n * kind_.heads, [&](std::int64_t task, int thread) {
    auto* scratch = static_cast<char*>(space.scratch.data()) + bytes * std::size_t(thread);
    kernels_.attend(attention, task / kind_.heads, task % kind_.heads, scratch);
  });
}

/// Computes queries, keys and values; queries only for the tokens that are kept.
void Block::project(const Product& projected, const Pass& pass, Team& team) const {
  if (pass.kept == pass.t) return multiply(kernels_, projected, team);
  multiply(kernels_, projected, team, width() / panel_columns);
  team.run(panels_of(width()), [&](std::int64_t panel, int) {
    for (std::int64_t image = 0; image < pass.n; ++image)
      kernels_.multiply(projected, image * pass.t, image * pass.t + pass.kept, panel);
  });
}

/// Copies the kept rows of x to y.
void Block::copy_kept(const Pass& pass, std::int64_t first, std::int64_t last) const {
  for (auto row = first; row < last; ++row)
    std::copy_n(pass.x + (row / pass.kept * pass.t + row % pass.kept) * width(), width(), pass.y + row * width());
}

/// Returns the product that adds the attended values to y, which has x already.
Product Block::output_of(const Pass& pass) const {
  auto output = output_.of(pass.narrow, pass.kept_rows());
  output.residual = pass.y;
  output.scale = or_none(scale1_);
  output.sum = pass.y;
  return output;
}

void Block::run(const float* x, std::int64_t n, std::int64_t t, const float* mask, std::int64_t kept, float* y,
                Workspace& space) const {
  space.narrow.grow(std::size_t(n * t * width() * kernels_.value_bytes));
  space.wide.grow(std::size_t(n * t * std::max(3 * width(), enter_[0].columns()) * kernels_.value_bytes));
  const Pass pass{
      x, n, t, mask, kept, y, static_cast<char*>(space.narrow.data()), static_cast<char*>(space.wide.data())};
  kernels_.all_columns ? run_by_rows(pass, space) : run_by_columns(pass, space);
}

/// Shares each product among the threads: they all need few weights at a time.
void Block::run_by_columns(const Pass& pass, Workspace& space) const {
  normed(pass.x, pass.rows(), norm1_, pass.narrow, space.team);
  auto projected = projected_.of(pass.narrow, pass.rows());
  projected.values = pass.wide;
  project(projected, pass, space.team);
  attend(pass, space);
  auto output = output_of(pass);
  if (pass.kept == pass.t)
    output.residual = pass.x;
  else
    copy_kept(pass, 0, pass.kept_rows());
  multiply(kernels_, output, space.team);

  normed(pass.y, pass.kept_rows(), norm2_, pass.narrow, space.team);
  auto enter = enter_[0].of(pass.narrow, pass.kept_rows());
  enter.activation = kind_.activation;
  enter.values = pass.wide;
  multiply(kernels_, enter, space.team);
  auto leave = leave_[0].of(pass.wide, pass.kept_rows());
  leave.residual = pass.y;
  leave.scale = or_none(scale2_);
  leave.sum = pass.y;
  multiply(kernels_, leave, space.team);
}

/// Shares the rows among the threads: values stay in a core's cache from one product to the next.
void Block::run_by_rows(const Pass& pass, Workspace& space) const {
  auto projected = projected_.of(pass.narrow, pass.rows());
  projected.values = pass.wide;
  in_shares(pass.rows(), space.team, [&](std::int64_t first, std::int64_t last) {
    norm_rows(pass.x, first, last, norm1_, pass.narrow);
    kernels_.multiply(projected, first, last, 0);
  });
  attend(pass, space);
  in_shares(pass.kept_rows(), space.team,
            [&](std::int64_t first, std::int64_t last) { perceive_rows(pass, first, last); });
}

/// Computes everything after attention.
void Block::perceive_rows(const Pass& pass, std::int64_t first, std::int64_t last) const {
  copy_kept(pass, first, last);
  kernels_.multiply(output_of(pass), first, last, 0);
  norm_rows(pass.y, first, last, norm2_, pass.narrow);
  for (std::size_t part = 0; part < enter_.size(); ++part) {
    auto enter = enter_[part].of(pass.narrow, pass.kept_rows());
    enter.activation = kind_.activation;
    enter.values = pass.wide;
    kernels_.multiply(enter, first, last, 0);
    auto leave = leave_[part].of(pass.wide, pass.kept_rows());
    leave.residual = pass.y;
    leave.scale = or_none(scale2_);
    leave.sum = pass.y;
    kernels_.multiply(leave, first, last, 0);
  }
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
