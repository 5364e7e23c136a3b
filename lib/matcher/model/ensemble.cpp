#include "matcher/model/ensemble.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include "matcher/core/error.hpp"
#include "matcher/core/schemas.hpp"
#include "matcher/files/hash.hpp"

namespace matcher::model {
namespace {

/// Scales weights to the sum 1. Throws Error(usage) for a weight that is not above 0, and for an infinite sum.
std::vector<double> shares(std::span<const double> weights) {
  for (const auto weight : weights) {
    if (weight > 0 && std::isfinite(weight)) continue;
    throw Error(ErrorCode::usage, fmt::format("a weight of an ensemble must be above 0, not {}", weight));
  }
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (!std::isfinite(sum))
    throw Error(ErrorCode::usage,
                "the weights of an ensemble are too large: their sum is infinite. Write smaller ones");
  std::vector<double> scaled(weights.begin(), weights.end());
  for (auto& weight : scaled) weight /= sum;
  return scaled;
}

void check_parts(std::span<const MatrixView> parts, std::span<const double> weights) {
  if (parts.empty() || parts.size() != weights.size()) {
    throw Error(ErrorCode::usage, fmt::format("an ensemble needs one weight per member, but has {} members and {} "
                                              "weights",
                                              parts.size(), weights.size()));
  }
  for (const auto& part : parts) {
    if (part.rows == parts[0].rows) continue;
    throw Error(ErrorCode::mismatch,
                fmt::format("the members of an ensemble have {} and {} vectors, but each must have one per item; "
                            "embed the same items with all of them",
                            parts[0].rows, part.rows));
  }
}

/// Writes the unit vector of `from`, times `scale`, to `to`.
void put_scaled(std::span<const float> from, double scale, std::span<float> to) {
  std::ranges::copy(from, to.begin());
  normalise(to);
  for (auto& value : to) value = static_cast<float>(value * scale);
}

class Ensemble : public Embedder {
 public:
  explicit Ensemble(std::vector<Member> members) : members_(std::move(members)) {
    for (const auto& member : members_) weights_.push_back(member.weight);
    shares(weights_);  // throws for an invalid weight
  }

  std::size_t dimension() const override {
    return std::accumulate(members_.begin(), members_.end(), std::size_t(0),
                           [](std::size_t sum, const Member& member) { return sum + member.embedder->dimension(); });
  }

  std::string fingerprint() const override {
    std::vector<std::string> fingerprints;
    for (const auto& member : members_) fingerprints.push_back(member.embedder->fingerprint());
    return ensemble_fingerprint(fingerprints, weights_);
  }

  Device device() const override { return first().device(); }
  Precision precision() const override { return first().precision(); }
  int lanes() const override {
    const auto of = [](const Member& member) { return member.embedder->lanes(); };
    return of(*std::ranges::min_element(members_, {}, of));
  }

  bool drops_alpha() const override {
    return std::ranges::any_of(members_, [](const Member& member) { return member.embedder->drops_alpha(); });
  }

  bool takes_texts() const override {
    return std::ranges::all_of(members_, [](const Member& member) { return member.embedder->takes_texts(); });
  }

  std::size_t inputs() const override {
    return std::accumulate(members_.begin(), members_.end(), std::size_t(0),
                           [](std::size_t sum, const Member& member) { return sum + member.embedder->inputs(); });
  }

  Sample prepare(image::LazyImage& image) const override {
    Sample all;
    for (const auto& member : members_) {
      auto own = member.embedder->prepare(image);
      own.pixels.resize(own.tensors.size());
      std::ranges::move(own.tensors, std::back_inserter(all.tensors));
      std::ranges::move(own.pixels, std::back_inserter(all.pixels));
    }
    return all;
  }

  Matrix embed(std::span<const Sample> batch) override {
    std::vector<Matrix> vectors;
    std::size_t first = 0;
    for (const auto& member : members_) {
      vectors.push_back(embed_member(*member.embedder, first, batch));
      first += member.embedder->inputs();
    }
    std::vector<MatrixView> parts;
    for (const auto& part : vectors) parts.push_back(part.view());
    return concatenate(parts, weights_);
  }

 private:
  const Embedder& first() const { return *members_.front().embedder; }

  /// `first` is the first of the member's tensors.
  static Matrix embed_member(Embedder& member, std::size_t first, std::span<const Sample> batch) {
    std::vector<Sample> own;
    for (const auto& sample : batch) own.push_back(part_of(sample, first, member.inputs()));
    return member.embed(own);
  }

  std::vector<Member> members_;
  std::vector<double> weights_;
};

}  // namespace

std::unique_ptr<Embedder> make_ensemble(std::vector<Member> members) {
  if (members.empty()) throw Error(ErrorCode::usage, "an ensemble needs at least one member");
  return std::make_unique<Ensemble>(std::move(members));
}

Matrix concatenate(std::span<const MatrixView> parts, std::span<const double> weights) {
  check_parts(parts, weights);
  const auto scaled = shares(weights);
  std::size_t columns = 0;
  for (const auto& part : parts) columns += part.cols;
  Matrix all(parts[0].rows, columns);
  std::size_t offset = 0;
  for (std::size_t p = 0; p < parts.size(); offset += parts[p++].cols) {
    for (std::size_t row = 0; row < all.rows; ++row)
      put_scaled(parts[p].row(row), std::sqrt(scaled[p]), all.row(row).subspan(offset, parts[p].cols));
  }
  return all;
}

std::string ensemble_fingerprint(std::span<const std::string> fingerprints, std::span<const double> weights) {
  const auto scaled = shares(weights);
  Hasher hasher;
  hasher.field(salt::ensemble);
  // 12 digits, so that 3:2 and 0.6:0.4 are the same ensemble.
  for (std::size_t i = 0; i < fingerprints.size(); ++i)
    hasher.field(fingerprints[i]).field(fmt::format("{:.12g}", scaled[i]));
  return hasher.hex();
}

}  // namespace matcher::model
