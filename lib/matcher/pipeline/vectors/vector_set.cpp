#include "matcher/pipeline/vectors/vector_set.hpp"

#include <utility>

namespace matcher::pipeline {

VectorSet load_into_memory(StoredVectors stored) {
  Matrix unit(stored.rows(), stored.cols());
  if (stored.rows() > 0) stored.copy(0, unit);
  return {std::move(unit), std::move(stored.items), stored.failures, std::move(stored.manifest),
          stored.cache,    std::move(stored.maps)};
}

VectorSet embed_or_load(const Context& context, const ModelChoice& choice, const dataset::Dataset& data, Split split,
                        const ExecutionOptions& execution) {
  return load_into_memory(embed_or_open(context, choice, data, split, execution));
}

std::vector<std::string> ids_of(std::span<const store::ItemRow> items) {
  std::vector<std::string> ids;
  ids.reserve(items.size());
  for (const auto& item : items) ids.push_back(item.id);
  return ids;
}

}  // namespace matcher::pipeline
