#include "matcher/pipeline/embedding/request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "matcher/core/device.hpp"
#include "matcher/core/error.hpp"
#include "matcher/core/schemas.hpp"
#include "matcher/core/version.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/hash.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/files/temporary.hpp"
#include "matcher/image/image.hpp"
#include "matcher/pipeline/embedding/decoder.hpp"

namespace matcher::pipeline {
namespace {

std::string describe_gpus() {
  std::string gpus;
  for (int i = 0; path_exists(fmt::format("/dev/nvidia{}", i)); ++i) gpus += fmt::format("{} ", i);
  const char* visible = std::getenv("CUDA_VISIBLE_DEVICES");
  return gpus + (visible ? visible : "-");
}

/// Another LibTorch, or another build of matcher, may choose and round differently.
std::string describe_plugin() { return fmt::format("{} {}", version, file_state(model::libtorch_plugin())); }

/// The state of the file is the same, so only another try can tell.
bool can_be_used_now(const store::FailureRow& failure) try {
  if (!may_pass(failure.reason)) return false;
  image::decode(read_bytes(failure.path), true);
  return true;
} catch (const image::DecodeError&) {
  return false;
} catch (const Error&) {
  return false;
}

}  // namespace

std::string request_fingerprint(const Context& context, const ModelChoice& choice, const ExecutionOptions& execution) {
  Hasher hasher;
  hasher.field(salt::request);
  for (const auto& [bundle, weight] : choice.members) {
    hasher.field(bundle.name).field(model::fingerprint(bundle, known_models(context))).field(weight);
  }
  hasher.field(to_string(execution.device))
      .field(to_string(execution.precision))
      .field(processor_identity())
      .field(describe_gpus())
      .field(describe_plugin());
  return hasher.hex();
}

std::optional<store::Manifest> find_up_to_date(const fs::path& folder, const store::Manifest& wanted) {
  if (!path_exists(folder / "manifest.json")) return std::nullopt;
  try {
    const auto set = store::EmbeddingSet::open(folder);
    const auto& found = set.manifest();
    const bool same = found.request == wanted.request && found.source_fingerprint == wanted.source_fingerprint &&
                      found.model.name == wanted.model.name;
    if (!same || std::ranges::any_of(set.failures(), can_be_used_now)) return std::nullopt;
    return found;
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace matcher::pipeline
