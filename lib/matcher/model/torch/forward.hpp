// Calls a network once, and words the errors of such calls.
#pragma once

#include <torch/script.h>

#include <string>

#include "matcher/core/device.hpp"
#include "matcher/core/matrix.hpp"
#include "matcher/image/preprocess.hpp"

namespace matcher::model {

/// Runs images [n, 3, h, w]; returns the network's output as it is.
c10::IValue forward(const torch::jit::Module& module, const at::Tensor& images);

/// Runs token ids [n, t]; returns vectors [n, d].
at::Tensor encode_text(const torch::jit::Module& module, const at::Tensor& ids);

/// Returns the tokens per text; 0 if the network takes no texts.
std::size_t text_length(const torch::jit::Module& module);

/// Copies a tensor [n, d] from any device.
Matrix to_matrix(const at::Tensor& tensor);

/// Names a network in messages.
struct Described {
  std::string name;
  image::Size size;  ///< size of its images

  std::string cannot_be_put(const Device& device, Precision precision, const std::string& reason) const;
  std::string does_not_take_images(std::size_t n, const Device& device, Precision precision,
                                   const std::string& reason) const;
  std::string does_not_take_texts(std::int64_t n, std::size_t length, Precision precision,
                                  const std::string& reason) const;
};

}  // namespace matcher::model
