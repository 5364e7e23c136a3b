// Scores multiply each token with (query * key weights), and the value weights follow the sum over the tokens: the same
// numbers as those of projected tokens, for a small part of the work. The keys' bias adds the same to each score of a
// head, so softmax removes it.
#include "matcher/model/cpu/pool.hpp"

#include <algorithm>
#include <cmath>

namespace matcher::model::cpu {
namespace {

/// Returns one row of linear(x).
double product(const LinearWeights& linear, const float* x, std::int64_t row) {
  double sum = linear.bias == nullptr ? 0 : linear.bias[row];
  for (std::int64_t i = 0; i < linear.depth; ++i) sum += double(linear.weight[row * linear.depth + i]) * double(x[i]);
  return sum;
}

/// Returns each head's scaled query times its rows of the keys' weights, [heads, width].
std::vector<float> folded(const BlockKind& kind, const PoolWeights& weights) {
  const auto width = weights.key.depth, head = width / kind.heads;
  std::vector<float> rows;
  for (std::int64_t h = 0; h < kind.heads; ++h) {
    std::vector<double> sums(std::size_t(width), 0);
    for (std::int64_t i = h * head; i < (h + 1) * head; ++i) {
      const auto query = product(weights.query, weights.probe, i) / std::sqrt(double(head));
      for (std::int64_t c = 0; c < width; ++c)
        sums[std::size_t(c)] += query * double(weights.key.weight[i * width + c]);
    }
    rows.insert(rows.end(), sums.begin(), sums.end());
  }
  return rows;
}

PackedLinear packed_scores(const Kernels& kernels, const BlockKind& kind, const PoolWeights& weights, Team& team) {
  const auto rows = folded(kind, weights);
  return PackedLinear(kernels, {LinearWeights{rows.data(), nullptr, kind.heads, weights.key.depth}}, team);
}

/// Turns the scores of one head, `stride` apart, into shares of 1.
void soften(float* scores, std::int64_t t, std::int64_t stride) {
  float most = scores[0], sum = 0;
  for (std::int64_t i = 1; i < t; ++i) most = std::max(most, scores[i * stride]);
  for (std::int64_t i = 0; i < t; ++i) sum += scores[i * stride] = std::exp(scores[i * stride] - most);
  for (std::int64_t i = 0; i < t; ++i) scores[i * stride] /= sum;
}

}  // namespace

Pool::Pool(const Kernels& kernels, const BlockKind& kind, const PoolWeights& weights, Team& team)
    : kernels_(kernels),
      kind_(kind),
      scores_(packed_scores(kernels, kind, weights, team)),
      output_(kernels, {weights.output}, team),
      enter_(kernels, {weights.enter}, team),
      leave_(kernels, {weights.leave}, team),
      norm_(weights.norm.weight, weights.norm.weight + width()) {
  norm_.insert(norm_.end(), weights.norm.bias, weights.norm.bias + width());
  const auto head = width() / kind.heads;
  for (std::int64_t h = 0; h < kind.heads; ++h)
    values_.emplace_back(kernels, std::vector{weights.value.some_columns(h * head, head)}, team);
}

/// Sums the tokens of one image by each head's shares [t, heads]: x [t, width] -> sums [heads, width].
void Pool::sum_tokens(const float* x, std::int64_t t, const float* shares, float* sums) const {
  std::fill_n(sums, kind_.heads * width(), 0.0f);
  for (std::int64_t i = 0; i < t; ++i)
    for (std::int64_t h = 0; h < kind_.heads; ++h)
      for (std::int64_t c = 0; c < width(); ++c)
        sums[h * width() + c] += shares[i * kind_.heads + h] * x[i * width() + c];
}

void Pool::run(const float* x, std::int64_t n, std::int64_t t, float* y, Workspace& space) const {
  const auto heads = kind_.heads, head = width() / heads;
  std::vector<float> scores(std::size_t(n * t * heads)), sums(std::size_t(n * heads * width()));
  auto scored = scores_.of(x, n * t);
  scored.sum = scores.data();
  multiply(kernels_, scored, space.team);
  space.team.run(n, [&](std::int64_t image, int) {
    auto* own = scores.data() + image * t * heads;
    for (std::int64_t h = 0; h < heads; ++h) soften(own + h, t, heads);
    sum_tokens(x + image * t * width(), t, own, sums.data() + image * heads * width());
  });
  space.narrow.grow(std::size_t(n * width()) * sizeof(float));
  auto* attended = static_cast<float*>(space.narrow.data());
  std::vector<float> rows(std::size_t(n * width())), part(std::size_t(n * head));
  for (std::int64_t h = 0; h < heads; ++h) {
    for (std::int64_t image = 0; image < n; ++image)
      std::copy_n(sums.data() + (image * heads + h) * width(), width(), rows.data() + image * width());
    auto value = values_[std::size_t(h)].of(rows.data(), n);
    value.sum = part.data();
    multiply(kernels_, value, space.team);
    for (std::int64_t image = 0; image < n; ++image)
      std::copy_n(part.data() + image * head, head, attended + image * width() + h * head);
  }
  auto output = output_.of(attended, n);
  output.sum = y;
  multiply(kernels_, output, space.team);
  perceive(n, y, space);
}

/// Adds the perceptron of y to y.
void Pool::perceive(std::int64_t n, float* y, Workspace& space) const {
  space.narrow.grow(std::size_t(n * width()) * sizeof(float));
  space.wide.grow(std::size_t(n * enter_.columns()) * sizeof(float));
  kernels_.norm(y, n, width(), norm_.data(), norm_.data() + width(), kind_.epsilon, space.narrow.data());
  auto enter = enter_.of(space.narrow.data(), n);
  enter.activation = kind_.activation;
  enter.values = space.wide.data();
  multiply(kernels_, enter, space.team);
  auto leave = leave_.of(space.wide.data(), n);
  leave.residual = y;
  leave.sum = y;
  multiply(kernels_, leave, space.team);
}

}  // namespace matcher::model::cpu
