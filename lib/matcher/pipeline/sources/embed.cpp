#include "matcher/pipeline/embed.hpp"

#include "matcher/pipeline/embedding/cache_use.hpp"
#include "matcher/pipeline/vectors/mapped_set.hpp"
#include "matcher/pipeline/vectors/refined_vectors.hpp"

namespace matcher::pipeline {

EmbedResult embed(const Context& context, const EmbedOptions& options) {
  const auto choice = choose_model(context, options.model, options.execution);
  check_no_later_steps(choice,
                       "so a set of embeddings cannot have it; embed without it, and name it for index or eval");
  const auto data = load_dataset(context, options.dataset);
  auto result = embed_or_map(context, options, data, choice);
  report_cache_use(CacheUse{result.reused, result.embedded}, choice.name, context.observer);
  return result;
}

}  // namespace matcher::pipeline
