#include "matcher/model/blocks/source.hpp"

#include <fmt/format.h>

#include "matcher/model/network/block_contract.hpp"

namespace matcher::model {
namespace {

std::string bias_of(const std::string& name, bool bias) { return bias ? fmt::format("self.{}_bias", name) : "None"; }

}  // namespace

std::string linear_call(const std::string& name, const std::string& value, bool bias) {
  return fmt::format("torch.linear({}, self.{}_weight, {})", value, name, bias_of(name, bias));
}

std::string norm_call(const std::string& name, const std::string& value, std::int64_t width, double epsilon) {
  return fmt::format("torch.layer_norm({0}, [{1}], self.{2}_weight.float(), self.{2}_bias.float(), {3:e})", value,
                     width, name, epsilon);
}

std::string patches_source(std::int64_t patch, bool bias) {
  return fmt::format(
      "def {0}(self, images: Tensor) -> Tensor:\n"
      "    x = torch.conv2d(images.to(self.patch_weight.dtype), self.patch_weight, {1}, [{2}, {2}])\n"
      "    return x.float().flatten(2).transpose(1, 2)\n",
      patches_method, bias_of("patch", bias), patch);
}

std::string project_source(const std::string& method, const std::string& name, bool bias) {
  return fmt::format(
      "def {0}(self, x: Tensor) -> Tensor:\n"
      "    return torch.linear(x.to(self.{1}_weight.dtype), self.{1}_weight, {2}).float()\n",
      method, name, bias_of(name, bias));
}

}  // namespace matcher::model
