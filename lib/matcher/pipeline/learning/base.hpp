// The base of a model that is going to be adapted, and the vectors of both sides.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "matcher/model/bundle.hpp"
#include "matcher/pipeline/vector_input.hpp"
#include "matcher/pipeline/vectors/vector_set.hpp"

namespace matcher::pipeline {

/// The vectors that a map is learnt from and measured on.
struct BaseVectors {
  std::vector<model::BaseModel> bases;
  std::string name;  ///< name of the base, or of the ensemble
  StoredVectors gallery;
  std::optional<VectorSet> queries;  ///< none: the dataset or the sets have no queries
};

/// Embeds what is missing of a dataset by a model, or joins embedding sets. Throws Error(usage) for an adapted base,
/// Error(mismatch) if the model of the sets is not the one that its name finds now. Imported sets need the name of the
/// base in input.model, and prove only their dimension.
BaseVectors load_base(const Context& context, const VectorInput& input, const ExecutionOptions& execution);

}  // namespace matcher::pipeline
