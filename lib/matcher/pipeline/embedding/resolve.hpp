// Turns the names that users type into models, embedders and datasets.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "matcher/core/identity.hpp"
#include "matcher/dataset/dataset.hpp"
#include "matcher/model/bundle.hpp"
#include "matcher/model/embedder.hpp"
#include "matcher/pipeline/context.hpp"
#include "matcher/pipeline/dataset_request.hpp"

namespace matcher::pipeline {

/// A parsed model expression. A single model has one member, an ensemble several.
struct ModelMember {
  model::Bundle bundle;
  double weight = 1;
};
struct ModelChoice {
  std::string name;  ///< the members' names, with weights if they differ, and the steps
  std::vector<ModelMember> members;
  refine::Steps steps{};  ///< steps of a variant after embedding
};

/// Finds the models of an expression such as "a", "a@fast@dba=5" or "a:0.6+b:0.4". `execution` decides how they decode
/// images unless the expression does. Throws Error(usage) for an unknown name, Error(input) if a member's file is
/// missing, Error(mismatch) if an adapted model has another base now.
ModelChoice choose_model(const Context& context, const std::string& expression, const ExecutionOptions& execution);

/// The base of an adapted model.
ModelChoice base_choice(const model::Bundle& adapted);

/// Loads the network, or those of all members or bases. Logs why a precision was chosen.
std::unique_ptr<model::Embedder> load_embedder(const Context& context, const ModelChoice& choice,
                                               const ExecutionOptions& execution);
std::unique_ptr<model::Embedder> load_embedder(const Context& context, const model::Bundle& bundle,
                                               const ExecutionOptions& execution);

/// The dimension of the vectors after all steps. Loads a network only if its description does not say the dimension.
std::size_t find_dimension(const Context& context, const ModelChoice& choice, const ExecutionOptions& execution);

/// The identity of a loaded model; its size_bytes is 0.
ModelIdentity identity_of(const std::string& name, const model::Embedder& embedder);

/// The identity of the vectors after all steps, from that of the members' vectors.
ModelIdentity refined_identity(ModelIdentity before, const ModelChoice& choice);

/// The bytes of all members' files.
std::uintmax_t size_bytes(const ModelChoice& choice);

/// True if the queries of a loaded dataset have the values of its other columns, for the slices of a run.
enum class QueryColumns { leave_out, keep };

/// Reads the catalogue of a dataset, and holds out queries. Throws Error(usage) if no name is given, and as
/// config::find_dataset(), dataset::load() and dataset::apply().
dataset::Dataset load_dataset(const Context& context, const DatasetRequest& request,
                              QueryColumns columns = QueryColumns::leave_out);

}  // namespace matcher::pipeline
