#include "matcher/pipeline/plan_index.hpp"

#include <fmt/format.h>

#include "matcher/core/error.hpp"
#include "matcher/pipeline/embedding/listing.hpp"
#include "matcher/pipeline/embedding/resolve.hpp"
#include "matcher/pipeline/vectors/joined_sets.hpp"

namespace matcher::pipeline {
namespace {

struct Size {
  std::size_t vectors = 0, dimension = 0;
};

Size measure_sets(const VectorInput& input) {
  const auto set = join_sets(input.embeddings, input.split);
  return {set.rows(), set.cols()};
}

/// Loads a network only if the model's description does not say the dimension.
std::size_t find_dimension(const Context& context, const ModelChoice& choice, const ExecutionOptions& execution) {
  std::size_t dimension = 0;
  for (const auto& member : choice.members) {
    const auto& bundle = member.bundle;
    dimension +=
        bundle.dimension > 0 ? std::size_t(bundle.dimension) : load_embedder(context, bundle, execution)->dimension();
  }
  return dimension;
}

Size measure_dataset(const Context& context, const IndexOptions& options) {
  const auto choice = choose_model(context, options.input.model);
  const auto data = load_dataset(context, options.input.dataset);
  return {list_works(data, options.input.split, {}).works.size(), find_dimension(context, choice, options.execution)};
}

}  // namespace

IndexPlan plan_index(const Context& context, const IndexOptions& options) {
  const auto size = options.input.embeddings.empty() ? measure_dataset(context, options) : measure_sets(options.input);
  if (size.vectors == 0) throw Error(ErrorCode::input, "there are no vectors to index: nothing to plan");
  auto plan = index::plan({options.type, size.vectors, size.dimension, options.memory_budget});
  constexpr std::uintmax_t item_bytes = 600;  // measured with ids, paths and labels of 20 to 60 characters
  constexpr double item_seconds = 25e-6;      // to read, normalise, code and write one, measured at 512 dimensions
  const double seconds = index::build_seconds(plan) + item_seconds * double(size.vectors);
  return {std::move(plan), size.vectors, size.dimension, size.vectors * item_bytes, seconds};
}

}  // namespace matcher::pipeline
