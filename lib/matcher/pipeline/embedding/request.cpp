#include "matcher/pipeline/embedding/request.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "matcher/core/device.hpp"
#include "matcher/core/file.hpp"
#include "matcher/core/hash.hpp"
#include "matcher/core/version.hpp"

namespace matcher::pipeline {
namespace {

std::string gpus() {
  std::string about;
  for (int i = 0; fs::exists(fmt::format("/dev/nvidia{}", i)); ++i) about += fmt::format("{} ", i);
  const char* visible = std::getenv("CUDA_VISIBLE_DEVICES");
  return about + (visible ? visible : "-");
}

/// Another LibTorch, or another build of ours, may choose and round otherwise.
std::string plugin() {
  const auto file = model::libtorch_plugin();
  std::error_code ignored;
  return fmt::format("{} {} {}", version, fs::file_size(file, ignored),
                     fs::last_write_time(file, ignored).time_since_epoch().count());
}

}  // namespace

std::string request_fingerprint(const Context& context, const ModelChoice& choice, const ExecutionOptions& execution) {
  Hasher hasher;
  hasher.field("matcher.request/1");
  for (const auto& [bundle, weight] : choice.members) {
    hasher.field(bundle.name).field(model::fingerprint(bundle, known_models(context))).field(weight);
  }
  hasher.field(to_string(execution.device))
      .field(to_string(execution.precision))
      .field(processor_identity())
      .field(gpus())
      .field(plugin());
  return hasher.hex();
}

}  // namespace matcher::pipeline
