#include "matcher/core/device.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <utility>

#include "matcher/core/error.hpp"

namespace matcher {
namespace {

constexpr std::array<std::pair<std::string_view, Precision>, 4> precisions{
    {{"auto", Precision::automatic}, {"fp32", Precision::fp32}, {"bf16", Precision::bf16}, {"fp16", Precision::fp16}}};

/// Parses "0,2" to different numbers; returns none for any other text.
std::vector<int> parse_indices(std::string_view text) {
  std::vector<int> indices;
  for (const char *at = text.data(), *last = at + text.size();; ++at) {
    int index = 0;
    const auto [end, error] = std::from_chars(at, last, index);
    if (error != std::errc() || index < 0 || std::ranges::find(indices, index) != indices.end()) return {};
    indices.push_back(index);
    if (end == last) return indices;
    if (*end != ',') return {};
    at = end;
  }
}

}  // namespace

Device parse_device(std::string_view text) {
  if (text == "auto") return {};
  if (text == "cpu") return {Device::Kind::cpu, 0};
  if (text == "cuda") return {Device::Kind::cuda, 0};
  constexpr std::string_view prefix = "cuda:";
  if (text.starts_with(prefix)) {
    if (const auto indices = parse_indices(text.substr(prefix.size())); !indices.empty())
      return {Device::Kind::cuda, indices[0], {indices.begin() + 1, indices.end()}};
  }
  throw Error(ErrorCode::usage, fmt::format("unknown device \"{}\". Use auto, cpu, cuda, cuda:N or cuda:N,M", text));
}

Precision parse_precision(std::string_view text) {
  for (const auto& [name, precision] : precisions) {
    if (name == text) return precision;
  }
  throw Error(ErrorCode::usage, fmt::format("unknown precision \"{}\". Use auto, fp32, bf16 or fp16", text));
}

std::string to_string(const Device& device) {
  switch (device.kind) {
    case Device::Kind::cpu:
      return "cpu";
    case Device::Kind::cuda:
      return fmt::format("cuda:{}", fmt::join(device.indices(), ","));
    case Device::Kind::automatic:
      break;
  }
  return "auto";
}

std::string to_string(Precision precision) {
  for (const auto& [name, value] : precisions) {
    if (value == precision) return std::string(name);
  }
  return "auto";
}

std::string processor_identity() {
  std::ifstream in("/proc/cpuinfo");
  std::string about;
  for (std::string line; std::getline(in, line) && !line.empty();) {
    if (line.starts_with("model name") || line.starts_with("flags") || line.starts_with("Features")) about += line;
  }
  for (const auto* limit : {"ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA"}) {
    if (const char* allowed = std::getenv(limit)) about += fmt::format(" {}={}", limit, allowed);
  }
  return about;
}

}  // namespace matcher
