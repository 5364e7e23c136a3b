#include "matcher/pipeline/models.hpp"

#include "matcher/config/bundles.hpp"

namespace matcher::pipeline {

report::ModelList list_models(const Context& context) {
  report::ModelList list;
  for (const auto& bundle : config::find_bundles(context.places)) {
    const bool built_in = !bundle.builtin.empty(), ready = built_in || !bundle.path.empty();
    list.models.push_back({.name = bundle.name,
                           .dimension = std::size_t(bundle.dimension),
                           .ready = ready,
                           .built_in = built_in,
                           .size_bytes = ready ? model::size_bytes(bundle) : 0,
                           .path = bundle.path.string(),
                           .source = bundle.source,
                           .license = bundle.license,
                           .next_command = ready ? "" : bundle.get});
  }
  return list;
}

}  // namespace matcher::pipeline
