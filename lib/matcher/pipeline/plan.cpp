#include <fmt/format.h>

#include <algorithm>

#include "matcher/core/error.hpp"
#include "matcher/pipeline/embedding/listing.hpp"
#include "matcher/pipeline/index.hpp"

namespace matcher::pipeline {
namespace {

struct Size {
  std::size_t vectors = 0, dimension = 0;
};

Size size_of_sets(const IndexOptions& options) {
  const auto set = joined(options.embeddings, options.split);
  return {set.rows(), set.cols()};
}

/// The network is asked only where the model's description does not say the dimension.
std::size_t dimension_of(const Context& context, const ModelChoice& choice, const ExecutionOptions& run) {
  std::size_t dimension = 0;
  for (const auto& member : choice.members) {
    const auto& bundle = member.bundle;
    dimension +=
        bundle.dimension > 0 ? std::size_t(bundle.dimension) : load_embedder(context, bundle, run)->dimension();
  }
  return dimension;
}

Size size_of_dataset(const Context& context, const IndexOptions& options) {
  const auto choice = choose_model(context, options.model);
  const auto data = load_dataset(context, options.dataset);
  return {listing_of(data, options.split, {}).works.size(), dimension_of(context, choice, options.execution)};
}

}  // namespace

IndexPlan plan_index(const Context& context, const IndexOptions& options) {
  const auto size = options.embeddings.empty() ? size_of_dataset(context, options) : size_of_sets(options);
  if (size.vectors == 0) throw Error(ErrorCode::input, "there are no vectors to index: nothing to plan");
  auto plan = index::plan({options.type, size.vectors, size.dimension, options.memory_budget});
  constexpr std::uintmax_t item_bytes = 600;  // measured on items with ids, paths and labels of 20 to 60 characters
  constexpr double item_seconds = 25e-6;  // of reading, normalising, coding and writing one, measured at 512 dimensions
  const double seconds = index::build_seconds(plan) + item_seconds * double(size.vectors);
  return {std::move(plan), size.vectors, size.dimension, size.vectors * item_bytes, seconds};
}

}  // namespace matcher::pipeline
