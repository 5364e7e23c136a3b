#include "matcher/pipeline/embed.hpp"

#include "matcher/pipeline/embedding/embed_set.hpp"

namespace matcher::pipeline {

EmbedResult embed(const Context& context, const EmbedOptions& options) {
  const auto choice = choose_model(context, options.model, options.execution);
  const auto data = load_dataset(context, options.dataset);
  return embed_set(context, options, data, choice);
}

}  // namespace matcher::pipeline
