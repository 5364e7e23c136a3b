// Finds the vectors in what a network returns.
#pragma once

#include <torch/script.h>

#include <string>

#include "matcher/model/bundle.hpp"

namespace matcher::model {

class Output {
 public:
  /// `name` of the model, for messages; `path` is Bundle::output.
  Output(std::string name, std::string path, Pooling pooling)
      : name_(std::move(name)), path_(std::move(path)), pooling_(pooling) {}

  /// Returns the vectors [n, d] in the output for n images. Throws Error(mismatch) with what the network returned
  /// instead, and the choices in it.
  at::Tensor vectors(const c10::IValue& returned, std::size_t n) const;

 private:
  [[noreturn]] void fail(const c10::IValue& output, std::size_t n, const std::string& next) const;
  c10::IValue select(c10::IValue value, std::size_t n) const;
  at::Tensor pool(const at::Tensor& tokens) const;
  std::string wanted(const c10::IValue& output) const;

  std::string name_, path_;
  Pooling pooling_;
};

}  // namespace matcher::model
