// From what a network returns to its vectors.
#pragma once

#include <torch/script.h>

#include <string>

#include "matcher/model/bundle.hpp"

namespace matcher::model {

class Output {
 public:
  /// `name` of the model, for messages; `path` and `pooling` as Bundle has them.
  Output(std::string name, std::string path, Pooling pooling)
      : name_(std::move(name)), path_(std::move(path)), pooling_(pooling) {}

  /// Floats [n, d] of what the network returned for n pictures. Throws Error(mismatch) saying what it returned instead,
  /// and which choices there are.
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
