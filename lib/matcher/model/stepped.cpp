#include "matcher/model/stepped.hpp"

#include <algorithm>
#include <functional>
#include <iterator>

namespace matcher::model {
namespace {

void add_unit(std::span<const float> from, std::span<float> to) {
  std::vector<float> unit(from.begin(), from.end());
  normalise(unit);
  std::ranges::transform(unit, to, to.begin(), std::plus<>());
}

class SteppedEmbedder : public Embedder {
 public:
  SteppedEmbedder(std::unique_ptr<Embedder> inner, const refine::GivenStep& step)
      : inner_(std::move(inner)), step_(step) {}

  std::size_t dimension() const override { return inner_->dimension(); }
  std::string fingerprint() const override { return refine::steps_fingerprint(inner_->fingerprint(), {&step_, 1}); }
  Device device() const override { return inner_->device(); }
  Precision precision() const override { return inner_->precision(); }
  std::string precision_choice() const override { return inner_->precision_choice(); }
  std::string precision_reason() const override { return inner_->precision_reason(); }
  bool drops_alpha() const override { return inner_->drops_alpha(); }
  bool takes_texts() const override { return inner_->takes_texts(); }
  std::size_t inputs() const override { return 2 * inner_->inputs(); }
  int lanes() const override { return inner_->lanes(); }

  Sample prepare(image::LazyImage& image) const override {
    auto both = inner_->prepare(image);
    both.pixels.resize(both.tensors.size());
    image.change(step_.step->change_pixels);
    auto changed = inner_->prepare(image);
    changed.pixels.resize(changed.tensors.size());
    image.change(step_.step->change_pixels);  // back again: other members of an ensemble read the same image
    std::ranges::move(changed.tensors, std::back_inserter(both.tensors));
    std::ranges::move(changed.pixels, std::back_inserter(both.pixels));
    return both;
  }

  Matrix embed(std::span<const Sample> batch) override {
    Matrix sums(batch.size(), dimension());
    for (std::size_t half = 0; half < 2; ++half) {
      std::vector<Sample> own;
      for (const auto& sample : batch) own.push_back(part_of(sample, half * inner_->inputs(), inner_->inputs()));
      const auto vectors = inner_->embed(own);
      for (std::size_t i = 0; i < batch.size(); ++i) add_unit(vectors.row(i), sums.row(i));
    }
    for (std::size_t i = 0; i < batch.size(); ++i) normalise(sums.row(i));
    return sums;
  }

 private:
  std::unique_ptr<Embedder> inner_;
  refine::GivenStep step_;
};

}  // namespace

std::unique_ptr<Embedder> make_stepped(std::unique_ptr<Embedder> embedder, const refine::GivenStep& step) {
  return std::make_unique<SteppedEmbedder>(std::move(embedder), step);
}

}  // namespace matcher::model
