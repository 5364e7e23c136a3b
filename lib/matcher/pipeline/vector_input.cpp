#include "matcher/pipeline/vector_input.hpp"

#include "matcher/core/error.hpp"

namespace matcher::pipeline {

void check_vector_input(const VectorInput& input) {
  if (!input.embeddings.empty()) return;
  if (input.model.empty()) {
    throw Error(ErrorCode::usage,
                "no model was given: use --model NAME (matcher models lists them) or set model in matcher.yaml");
  }
  if (input.dataset.empty()) {
    throw Error(ErrorCode::usage, "no dataset was given: use --dataset NAME or PATH, or set dataset in matcher.yaml");
  }
}

}  // namespace matcher::pipeline
