#include "matcher/core/device.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <utility>

#include "matcher/core/error.hpp"

namespace matcher {
namespace {

constexpr std::array<std::pair<std::string_view, Precision>, 4> precisions{{{"auto", Precision::automatic},
                                                                            {"fp32", Precision::fp32},
                                                                            {"bf16", Precision::bf16},
                                                                            {"fp16", Precision::fp16}}};

}  // namespace

Device parse_device(std::string_view text) {
  if (text == "auto") return {};
  if (text == "cpu") return {Device::Kind::cpu, 0};
  if (text == "cuda") return {Device::Kind::cuda, 0};
  constexpr std::string_view prefix = "cuda:";
  int index = 0;
  if (text.starts_with(prefix)) {
    const auto number = text.substr(prefix.size());
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), index);
    if (error == std::errc() && end == number.data() + number.size() && index >= 0) {
      return {Device::Kind::cuda, index};
    }
  }
  throw Error(ErrorCode::usage, fmt::format("unknown device \"{}\"; use auto, cpu, cuda or cuda:N", text));
}

Precision parse_precision(std::string_view text) {
  for (const auto& [name, precision] : precisions) {
    if (name == text) return precision;
  }
  throw Error(ErrorCode::usage, fmt::format("unknown precision \"{}\"; use auto, fp32, bf16 or fp16", text));
}

std::string to_string(Device device) {
  switch (device.kind) {
    case Device::Kind::cpu: return "cpu";
    case Device::Kind::cuda: return fmt::format("cuda:{}", device.index);
    case Device::Kind::automatic: break;
  }
  return "auto";
}

std::string to_string(Precision precision) {
  for (const auto& [name, value] : precisions) {
    if (value == precision) return std::string(name);
  }
  return "auto";
}

}  // namespace matcher
