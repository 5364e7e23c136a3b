#include "matcher/model/torch/module.hpp"

#include <fmt/format.h>
#include <torch/version.h>

#include <cctype>
#include <cstring>

#include "matcher/core/error.hpp"
#include "matcher/files/mapped_file.hpp"
#include "matcher/model/torch/failure.hpp"
#include "matcher/model/torch/operators.hpp"

namespace matcher::model {
namespace {

at::ScalarType torch_type(ElementType type) {
  if (type == ElementType::fp16) return at::kHalf;
  return type == ElementType::bf16 ? at::kBFloat16 : at::kFloat;
}

/// Borrows fp32 weights; converts others.
at::Tensor to_tensor(const Weight& weight) {
  auto* bytes = const_cast<std::byte*>(weight.bytes.data());
  const auto type = torch_type(weight.type);
  // Mapped bytes may be misaligned; then they are copied.
  const bool aligned = reinterpret_cast<std::uintptr_t>(bytes) % at::elementSize(type) == 0;
  if (aligned && type == at::kFloat) return torch::from_blob(bytes, weight.shape, type);
  auto copy = torch::empty(weight.shape, type);
  std::memcpy(copy.data_ptr(), bytes, weight.bytes.size());
  if (weight.mapped) release_pages(weight.bytes);
  return copy.to(at::kFloat);
}

torch::jit::Module build_part(const std::string& type, const std::shared_ptr<torch::jit::CompilationUnit>& unit,
                              const Blueprint& blueprint) {
  torch::jit::Module module(type, unit);
  for (const auto& weight : blueprint.weights) module.register_parameter(weight.name, to_tensor(weight), false);
  for (const auto& [name, part] : blueprint.parts)
    module.register_module(name, build_part(type + '.' + name, unit, part));
  module.define(blueprint.source);
  return module;
}

torch::jit::Module build(const std::string& name, const Blueprint& blueprint) {
  std::string type = "__torch__.net_";  // a name may begin with a digit, or be a Python keyword
  for (const char c : name) type += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return guarded(
      ErrorCode::unexpected,
      [&] { return build_part(type, std::make_shared<torch::jit::CompilationUnit>(), blueprint); },
      [&](const std::string& reason) {
        return fmt::format("the network of \"{}\" does not compile with LibTorch {}: {}", name, TORCH_VERSION, reason);
      });
}

}  // namespace

torch::jit::Module read_module(const NetworkRequest& request) {
  if (request.blueprint != nullptr) return build(request.name, *request.blueprint);
  try {
    return torch::jit::load(request.file.string(), at::kCPU);
  } catch (const std::exception& error) {
    const auto needs = missing_operator(error.what());
    if (is_out_of_memory(error.what()))
      throw Error(ErrorCode::resource,
                  fmt::format("there is no memory for {}: {}", request.file.string(), reason_of(error)));
    throw Error(
        ErrorCode::input,
        fmt::format("{} is not a TorchScript file that LibTorch {} reads: {}; export it again with an older "
                    "PyTorch, or build matcher with a newer LibTorch",
                    request.file.string(), TORCH_VERSION, needs.empty() ? reason_of(error) : "it calls " + needs));
  }
}

}  // namespace matcher::model
