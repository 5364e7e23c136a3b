// What every subcommand's facade is given, and how names typed by users become datasets and embedders.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "matcher/config/bundles.hpp"
#include "matcher/config/datasets.hpp"
#include "matcher/config/places.hpp"
#include "matcher/config/settings.hpp"
#include "matcher/core/device.hpp"
#include "matcher/core/identity.hpp"
#include "matcher/core/observer.hpp"
#include "matcher/dataset/dataset.hpp"
#include "matcher/model/embedder.hpp"

namespace matcher::pipeline {

struct Context {
  config::Places places;
  std::filesystem::path workdir;
  Observer& observer;
  config::Server server = {};  ///< how vector databases are spoken to
};

/// How networks run; common to all subcommands that run one.
struct ExecutionOptions {
  Device device;
  Precision precision = Precision::automatic;
  int batch_size = 32;
  int threads = 0;  ///< decode threads, and threads of the network on the CPU; 0: one a core
  std::optional<std::size_t>
      max_failures;   ///< more pictures that cannot be used than this stop the job; none: no bound
  bool cache = true;  ///< take vectors from, and keep them in, the cache of the work folder
};

/// A model expression taken apart: one member for a single model.
struct ModelMember {
  model::Bundle bundle;
  double weight = 1;
};
struct ModelChoice {
  std::string name;  ///< for tables and manifests: the members' names, with weights where they differ
  std::vector<ModelMember> members;
};

/// Throws Error(usage) for unknown names, Error(input) when a member's file is not there.
ModelChoice choose_model(const Context& context, const std::string& expression);

std::unique_ptr<model::Embedder> load_embedder(const Context& context, const ModelChoice& choice,
                                               const ExecutionOptions& options);
std::unique_ptr<model::Embedder> load_embedder(const Context& context, const model::Bundle& bundle,
                                               const ExecutionOptions& options);

/// The size is left at 0.
ModelIdentity identity_of(const std::string& name, const model::Embedder& embedder);

std::uintmax_t size_bytes(const ModelChoice& choice);
dataset::Dataset load_dataset(const Context& context, const std::string& name_or_path);

int thread_count(int asked);

/// Where it is remembered what is known of models, their files' hashes and how they fared when they were tried; and
/// where vectors are kept by content.
std::filesystem::path known_models(const Context& context);
std::filesystem::path vector_cache(const Context& context);

}  // namespace matcher::pipeline
