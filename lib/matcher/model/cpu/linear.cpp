#include "matcher/model/cpu/linear.hpp"

namespace matcher::model::cpu {
namespace {

/// Rows per task: few enough for even shares, enough to pay for loading a panel of weights.
constexpr std::int64_t rows_per_task = 22 * tile_rows;

}  // namespace

void multiply(const Kernels& kernels, const Product& product, Team& team, std::int64_t first_panel) {
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
  product.bias = bias_.empty() ? nullptr : bias_.data();
  product.rows = rows;
  product.depth = depth_;
  product.columns = columns_;
  return product;
}

void Projection::run(const float* x, std::int64_t n, float* y, Workspace& space) const {
  auto product = linear_.of(x, n);
  product.sum = y;
  multiply(kernels_, product, space.team);
}

}  // namespace matcher::model::cpu
