// Reads the samples that a model is verified with, and the vectors that it must return for them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "matcher/model/bundle.hpp"
#include "matcher/model/embedder.hpp"

namespace matcher::pipeline {

/// One sample and its expected vector.
struct Expected {
  std::string name;  ///< the image's path; "the image" or "the text" of a golden sample
  model::Sample sample;
  std::vector<float> vector;  ///< [d]
};

/// Reads the images of a folder, sorted by name. Their vectors are either one .npy file [d] per image (`a.npy` or
/// `a.jpg.npy` for `a.jpg`) or one file [n, d] for all images. Throws Error(input) if images or vectors are missing or
/// unreadable, Error(mismatch) for vectors of another dimension.
std::vector<Expected> read_expected(const std::filesystem::path& folder, const model::Embedder& embedder);

/// Reads the golden sample in the model's file: an image and, for models that take texts, a text. Throws Error(input)
/// if the file has none, Error(mismatch) for a vector of another dimension.
std::vector<Expected> read_golden_sample(const model::Bundle& bundle, const model::Embedder& embedder);

}  // namespace matcher::pipeline
