#include "matcher/model/cpu/patches.hpp"

namespace matcher::model::cpu {

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
