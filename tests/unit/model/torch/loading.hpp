// Makes bundles, images and embedders for the tests.
#pragma once

#include <algorithm>
#include <cmath>

#include "matcher/files/npy.hpp"
#include "matcher/model/embedder.hpp"
#include "unit/model/scratch.hpp"

namespace matcher::test {

constexpr int edge = 64;  // pixels; small, so that the tests are quick

inline model::Bundle builtin_bundle(const std::string& name) {
  model::Bundle bundle;
  bundle.name = bundle.builtin = name;
  bundle.preprocess.crop = {edge, edge};
  return bundle;
}

inline model::Bundle file_bundle(const fs::path& file) {
  model::Bundle bundle;
  bundle.name = file.stem().string();
  bundle.path = file;
  bundle.preprocess.crop = {edge, edge};
  return bundle;
}

inline model::Bundle module_bundle(const std::string& name) {
  return file_bundle(fs::path(MATCHER_TEST_MODULES) / (name + ".pt"));
}

inline std::unique_ptr<model::Embedder> load(const model::Bundle& bundle, model::LoadOptions options = {}) {
  if (options.device.kind == Device::Kind::automatic) options.device = {Device::Kind::cpu, 0};
  return model::load(bundle, options);
}

/// An image of smooth waves in [0, 1]; each `seed` gives another.
inline model::Sample picture(int seed) {
  std::vector<float> values(3 * edge * edge);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = float(0.5 + 0.5 * std::sin(0.001 * double(i) * (seed + 1) + seed));
  return {{values}};
}

inline std::vector<model::Sample> pictures(int n) {
  std::vector<model::Sample> all;
  for (int i = 0; i < n; ++i) all.push_back(picture(i));
  return all;
}

/// A checkpoint of tests/data/model. Its folder also holds images and their vectors from transformers.
inline fs::path fixture(const std::string& name) { return fs::path(MATCHER_TEST_DATA) / "model" / name; }

inline std::vector<std::string> fixture_names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(fixture(""))) names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

/// The first `n` images of an array [m, 3, h, w]; starts again after the last.
inline std::vector<model::Sample> batch_of(const NpyArray& input, std::size_t n) {
  const auto length = input.values.size() / input.shape.at(0);
  std::vector<model::Sample> batch;
  for (std::size_t i = 0; i < n; ++i) {
    const auto first = input.values.begin() + std::ptrdiff_t(i % input.shape[0] * length);
    batch.push_back({{std::vector(first, first + std::ptrdiff_t(length))}});
  }
  return batch;
}

}  // namespace matcher::test
