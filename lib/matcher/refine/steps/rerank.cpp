// Reference: Zhong et al., Re-ranking Person Re-identification with k-reciprocal Encoding, 2017, with its k1, k2 and
// lambda. The images that know each other are here the query and its first answers.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "matcher/refine/steps.hpp"

namespace matcher::refine {
namespace {

constexpr std::size_t k1 = 20, k2 = 6;
constexpr double lambda = 0.3;

using Numbers = std::vector<std::size_t>;

/// Square matrices [n, n] over the query, which is number 0, and its answers.
class Reranking {
 public:
  Reranking(std::span<const float> query, MatrixView answers)
      : n_(answers.rows + 1), distances_(n_ * n_), weights_(n_ * n_) {
    measure(query, answers);
    rank();
    for (std::size_t i = 0; i < n_; ++i) encode(i);
    smooth();
  }

  /// The distance of the paper's equation 12 to the query.
  double distance(std::size_t i) const {
    double smaller = 0;
    for (std::size_t k = 0; k < n_; ++k) smaller += std::min(weights_[k], weights_[i * n_ + k]);
    const double jaccard = 1 - smaller / (2 - smaller);
    return (1 - lambda) * jaccard + lambda * distances_[i];
  }

 private:
  /// Squared distances, each row divided by its largest.
  void measure(std::span<const float> query, MatrixView answers) {
    const auto row = [&](std::size_t i) { return i == 0 ? query : answers.row(i - 1); };
    for (std::size_t i = 0; i < n_; ++i) {
      for (std::size_t j = 0; j < i; ++j)
        distances_[i * n_ + j] = distances_[j * n_ + i] = std::max(0.0, 2 - 2 * inner_product(row(i), row(j)));
    }
    for (std::size_t i = 0; i < n_; ++i) {
      const std::span own(distances_.data() + i * n_, n_);
      const double most = std::ranges::max(own);
      if (most > 0) std::ranges::transform(own, own.begin(), [&](double value) { return value / most; });
    }
  }

  /// Notes the nearest of each, itself first unless another is equal to it.
  void rank() {
    for (std::size_t i = 0; i < n_; ++i) {
      Numbers order(n_);
      std::iota(order.begin(), order.end(), std::size_t{0});
      std::ranges::stable_sort(order, {}, [&](std::size_t j) { return distances_[i * n_ + j]; });
      order.resize(std::min(n_, k1 + 1));
      nearest_.push_back(std::move(order));
    }
  }

  std::span<const std::size_t> nearest(std::size_t i, std::size_t k) const {
    return std::span(nearest_[i]).first(std::min(k + 1, nearest_[i].size()));
  }

  /// Finds the nearest that have `i` among their own nearest.
  Numbers reciprocal(std::size_t i, std::size_t k) const {
    Numbers both;
    for (const auto j : nearest(i, k)) {
      if (std::ranges::find(nearest(j, k), i) != nearest(j, k).end()) both.push_back(j);
    }
    return both;
  }

  /// Adds the reciprocal neighbours of neighbours of which more than two thirds are known.
  Numbers expanded(const Numbers& known) const {
    Numbers all = known;
    for (const auto j : known) {
      const auto others = reciprocal(j, k1 / 2);
      const auto shared =
          std::ranges::count_if(others, [&](auto o) { return std::ranges::find(known, o) != known.end(); });
      if (3 * std::size_t(shared) > 2 * others.size()) all.insert(all.end(), others.begin(), others.end());
    }
    std::ranges::sort(all);
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
  }

  void encode(std::size_t i) {
    const auto neighbours = expanded(reciprocal(i, k1));
    double sum = 0;
    for (const auto j : neighbours) sum += weights_[i * n_ + j] = std::exp(-distances_[i * n_ + j]);
    for (const auto j : neighbours) weights_[i * n_ + j] /= sum;
  }

  /// Replaces the weights of each by the mean of those of its k2 nearest.
  void smooth() {
    std::vector<double> means(n_ * n_);
    for (std::size_t i = 0; i < n_; ++i) {
      const auto others = nearest(i, k2 - 1);
      for (const auto j : others) {
        for (std::size_t k = 0; k < n_; ++k) means[i * n_ + k] += weights_[j * n_ + k] / double(others.size());
      }
    }
    weights_ = std::move(means);
  }

  std::size_t n_;
  std::vector<double> distances_, weights_;
  std::vector<Numbers> nearest_;
};

/// 1 less the distance, which is at most 1.
std::vector<float> rerank(std::span<const float> query, MatrixView answers) {
  const Reranking all(query, answers);
  std::vector<float> scores;
  for (std::size_t i = 1; i <= answers.rows; ++i) scores.push_back(static_cast<float>(1 - all.distance(i)));
  return scores;
}

}  // namespace

const Step rerank_step{.name = "rerank",
                       .summary = "orders the first answers by the neighbours that they share (k-reciprocal)",
                       .stage = Stage::search,
                       .most = 1000,
                       .usual = 100,
                       .value_is = "a number of answers",
                       .rescore = rerank};

}  // namespace matcher::refine
