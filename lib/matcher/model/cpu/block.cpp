#include "matcher/model/cpu/block.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <span>

namespace matcher::model::cpu {
namespace {

constexpr std::int64_t rows_per_norm = 32;  // rows per task of a norm
/// Largest part of the hidden width whose values stay in the second-level cache.
constexpr std::int64_t hidden_part = 1024;

std::vector<float> joined(const NormWeights& norm, std::int64_t width) {
  if (norm.weight == nullptr) return {};
  std::vector<float> both(norm.weight, norm.weight + width);
  both.insert(both.end(), norm.bias, norm.bias + width);
  return both;
}

std::vector<float> copied(const float* scale, std::int64_t width) {
  return scale == nullptr ? std::vector<float>() : std::vector<float>(scale, scale + width);
}

/// Reads values of 4 bytes, which are floats, or of 2, which are bf16: the high half of a float.
void widen(const char* values, std::int64_t bytes, std::span<float> floats) {
  if (bytes == sizeof(float)) {
    std::memcpy(floats.data(), values, floats.size_bytes());
    return;
  }
  for (std::size_t i = 0; i < floats.size(); ++i) {
    std::uint16_t half = 0;
    std::memcpy(&half, values + i * sizeof(half), sizeof(half));
    floats[i] = std::bit_cast<float>(std::uint32_t(half) << 16);
  }
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

Block::Block(const Kernels& kernels, const BlockKind& kind, const BlockWeights& weights, Team& team)
    : kernels_(kernels),
      kind_(kind),
      projected_(kernels, {weights.query, weights.key, weights.value}, team),
      output_(kernels, {weights.output}, team),
      norm1_(joined(weights.norm1, width())),
      norm2_(joined(weights.norm2, width())),
      attended_norm_(joined(weights.attended_norm, width())),
      hidden_norm_(joined(weights.hidden_norm, weights.enter.columns)),
      scale1_(copied(weights.scale1, width())),
      scale2_(copied(weights.scale2, width())) {
  const auto hidden = weights.enter.columns;
  std::int64_t first = 0;
  const bool in_parts = kernels.all_columns && hidden_norm_.empty();  // a norm needs whole rows
  for (const auto count : parts_of(hidden, in_parts ? hidden_part : hidden)) {
    enter_.emplace_back(kernels, std::vector{weights.enter.some_columns(first, count)}, team);
    if (weights.gate.weight != nullptr)
      gate_.emplace_back(kernels, std::vector{weights.gate.some_columns(first, count)}, team);
    leave_.emplace_back(kernels, std::vector{weights.leave.some_depth(first, count)}, team);
    first += count;
  }
}

/// One run of a block. Inside it, images [n, t] are rows.
struct Block::Pass {
  const float* x;
  std::int64_t n, t;
  Positions positions;
  std::int64_t kept;
  float* y;
  char *narrow, *wide;  ///< values [n * t, width], and [n * t, 3 * width] or of the hidden width
  char* more;           ///< values [n * t, hidden part] behind those of `wide`, for a gate

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

/// Normalises rows in place, if there is a norm.
void Block::norm_values(void* values, std::int64_t first, std::int64_t last, const std::vector<float>& norm) const {
  if (norm.empty()) return;
  const auto columns = std::int64_t(norm.size() / 2);
  std::vector<float> row(norm.size() / 2);
  for (auto i = first; i < last; ++i) {
    auto* at = static_cast<char*>(values) + i * columns * kernels_.value_bytes;
    widen(at, kernels_.value_bytes, row);
    kernels_.norm(row.data(), 1, columns, norm.data(), norm.data() + columns, kind_.epsilon, at);
  }
}

void Block::norm_all(void* values, std::int64_t rows, const std::vector<float>& norm, Team& team) const {
  if (norm.empty()) return;
  team.run((rows + rows_per_norm - 1) / rows_per_norm, [&](std::int64_t task, int) {
    norm_values(values, task * rows_per_norm, std::min((task + 1) * rows_per_norm, rows), norm);
  });
}

void Block::turn_rows(const Pass& pass, std::int64_t first, std::int64_t last) const {
  if (pass.positions.cosines == nullptr) return;
  kernels_.turn({pass.wide, pass.t, width(), head_width(), pass.positions.cosines, pass.positions.sines}, first, last,
                pass.kept);
}

void Block::turn(const Pass& pass, Team& team) const {
  if (pass.positions.cosines == nullptr) return;
  team.run((pass.rows() + rows_per_norm - 1) / rows_per_norm, [&](std::int64_t task, int) {
    turn_rows(pass, task * rows_per_norm, std::min((task + 1) * rows_per_norm, pass.rows()));
  });
}

void Block::attend(const Pass& pass, Workspace& space) const {
  const auto head_width = this->head_width();
  const Attention attention{
      pass.wide,          pass.narrow, pass.t, pass.kept, width(), head_width, 1 / std::sqrt(float(head_width)),
      pass.positions.mask};
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

/// Returns the place of a part's values: `values`, moved so that the rows from `first` on are where those of the first
/// part are, which has the most columns. So threads that compute other parts of other rows do not write there.
char* Block::place_of(char* values, std::size_t part, std::int64_t first) const {
  return values + first * (enter_[0].columns() - enter_[part].columns()) * kernels_.value_bytes;
}

/// Returns the product whose activated values enter the perceptron's second layer: that of the gate, if there is one.
Product Block::activated_of(const Pass& pass, std::size_t part, std::int64_t first) const {
  auto product = (gate_.empty() ? enter_ : gate_)[part].of(pass.narrow, pass.kept_rows());
  product.activation = kind_.activation;
  product.values = place_of(pass.wide, part, first);
  return product;
}

/// Returns the product whose values the gate multiplies.
Product Block::gated_of(const Pass& pass, std::size_t part, std::int64_t first) const {
  auto product = enter_[part].of(pass.narrow, pass.kept_rows());
  product.values = place_of(pass.more, part, first);
  return product;
}

/// Multiplies the activated values by those of the gate.
void Block::gate_rows(const Pass& pass, std::size_t part, std::int64_t first, std::int64_t last) const {
  const auto columns = enter_[0].columns(), begin = first * columns * kernels_.value_bytes;
  kernels_.gate(pass.wide + begin, pass.more + begin, (last - first) * enter_[part].columns());
}

/// Returns the product of the perceptron's second layer, which adds to y.
Product Block::leave_of(const Pass& pass, std::size_t part, std::int64_t first) const {
  auto leave = leave_[part].of(place_of(pass.wide, part, first), pass.kept_rows());
  leave.residual = pass.y;
  leave.scale = or_none(scale2_);
  leave.sum = pass.y;
  return leave;
}

void Block::run(const float* x, std::int64_t n, std::int64_t t, const Positions& positions, std::int64_t kept, float* y,
                Workspace& space) const {
  const auto hidden = n * t * enter_[0].columns() * kernels_.value_bytes;
  space.narrow.grow(std::size_t(n * t * width() * kernels_.value_bytes));
  space.wide.grow(
      std::size_t(std::max(n * t * 3 * width() * kernels_.value_bytes, gate_.empty() ? hidden : 2 * hidden)));
  auto *narrow = static_cast<char*>(space.narrow.data()), *wide = static_cast<char*>(space.wide.data());
  const Pass pass{x, n, t, positions, kept, y, narrow, wide, wide + hidden};
  kernels_.all_columns ? run_by_rows(pass, space) : run_by_columns(pass, space);
}

/// Shares each product among the threads: they all need few weights at a time.
void Block::run_by_columns(const Pass& pass, Workspace& space) const {
  normed(pass.x, pass.rows(), norm1_, pass.narrow, space.team);
  auto projected = projected_.of(pass.narrow, pass.rows());
  projected.values = pass.wide;
  project(projected, pass, space.team);
  turn(pass, space.team);
  attend(pass, space);
  norm_all(pass.narrow, pass.kept_rows(), attended_norm_, space.team);
  auto output = output_of(pass);
  if (pass.kept == pass.t)
    output.residual = pass.x;
  else
    copy_kept(pass, 0, pass.kept_rows());
  multiply(kernels_, output, space.team);

  normed(pass.y, pass.kept_rows(), norm2_, pass.narrow, space.team);
  multiply(kernels_, activated_of(pass, 0, 0), space.team);
  if (!gate_.empty()) {
    multiply(kernels_, gated_of(pass, 0, 0), space.team);
    space.team.run((pass.kept_rows() + rows_per_norm - 1) / rows_per_norm, [&](std::int64_t task, int) {
      gate_rows(pass, 0, task * rows_per_norm, std::min((task + 1) * rows_per_norm, pass.kept_rows()));
    });
  }
  norm_all(pass.wide, pass.kept_rows(), hidden_norm_, space.team);
  multiply(kernels_, leave_of(pass, 0, 0), space.team);
}

/// Shares the rows among the threads: values stay in a core's cache from one product to the next.
void Block::run_by_rows(const Pass& pass, Workspace& space) const {
  auto projected = projected_.of(pass.narrow, pass.rows());
  projected.values = pass.wide;
  in_shares(pass.rows(), space.team, [&](std::int64_t first, std::int64_t last) {
    norm_rows(pass.x, first, last, norm1_, pass.narrow);
    kernels_.multiply(projected, first, last, 0);
    turn_rows(pass, first, last);
  });
  attend(pass, space);
  in_shares(pass.kept_rows(), space.team,
            [&](std::int64_t first, std::int64_t last) { perceive_rows(pass, first, last); });
}

/// Computes everything after attention.
void Block::perceive_rows(const Pass& pass, std::int64_t first, std::int64_t last) const {
  copy_kept(pass, first, last);
  norm_values(pass.narrow, first, last, attended_norm_);
  kernels_.multiply(output_of(pass), first, last, 0);
  norm_rows(pass.y, first, last, norm2_, pass.narrow);
  for (std::size_t part = 0; part < enter_.size(); ++part) {
    kernels_.multiply(activated_of(pass, part, first), first, last, 0);
    if (!gate_.empty()) {
      kernels_.multiply(gated_of(pass, part, first), first, last, 0);
      gate_rows(pass, part, first, last);
    }
    norm_values(pass.wide, first, last, hidden_norm_);
    kernels_.multiply(leave_of(pass, part, first), first, last, 0);
  }
}

}  // namespace matcher::model::cpu
