// One call of a network, and what is said when it does not take what it is given.
#pragma once

#include <torch/script.h>

#include <string>

#include "matcher/core/device.hpp"
#include "matcher/core/matrix.hpp"
#include "matcher/image/preprocess.hpp"

namespace matcher::model {

/// Pictures [n, 3, h, w] to whatever the network returns.
c10::IValue forward(const torch::jit::Module& module, const at::Tensor& pictures);

/// Token ids [n, t] to vectors [n, d].
at::Tensor encode_text(const torch::jit::Module& module, const at::Tensor& ids);

/// Tokens of a text; 0 when the network takes none.
std::size_t text_length(const torch::jit::Module& module);

/// [n, d], from wherever it is.
Matrix to_matrix(const at::Tensor& tensor);

/// What a network is, for messages.
struct Described {
  std::string name;
  image::Size size;  ///< of its pictures

  std::string cannot_be_put(const Device& device, Precision precision, const std::string& reason) const;
  std::string does_not_take_pictures(std::size_t n, const Device& device, Precision precision,
                                     const std::string& reason) const;
  std::string does_not_take_texts(std::int64_t n, std::size_t length, Precision precision,
                                  const std::string& reason) const;
};

}  // namespace matcher::model
