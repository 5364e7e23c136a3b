#include "matcher/pipeline/embedding/request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "matcher/core/device.hpp"
#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"
#include "matcher/core/schemas.hpp"
#include "matcher/core/version.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/hash.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/files/temporary.hpp"
#include "matcher/image/image.hpp"
#include "matcher/pipeline/embedding/decoder.hpp"
#include "matcher/pipeline/embedding/photo.hpp"

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
  load_image(failure.path);
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

fs::path default_output(const Context& context, const std::string& dataset, const EmbedOptions& options,
                        const std::string& model) {
  auto name = file_name_of(fmt::format("{}-{}-{}", dataset, to_string(options.split), model));
  if (options.shard.of > 1) name += fmt::format(".shard-{}-of-{}", options.shard.number, options.shard.of);
  return context.workdir / "embeddings" / name;
}

store::Manifest describe_request(const Context& context, const EmbedOptions& options, const dataset::Dataset& data,
                                 const Listing& listing, const ModelChoice& choice) {
  store::Manifest m;
  m.model.name = choice.name;
  m.model.size_bytes = size_bytes(choice);
  m.data = {.name = data.name, .fingerprint = {}, .protocol = data.protocol};
  m.split = options.split;
  m.source_fingerprint = listing.source;
  m.listing = listing.whole;
  m.shard = options.shard.number;
  m.shards = options.shard.of;
  m.batch_size = options.execution.batch_size;
  m.request = request_fingerprint(context, choice, options.execution);
  return m;
}

}  // namespace matcher::pipeline
