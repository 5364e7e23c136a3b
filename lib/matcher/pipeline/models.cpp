#include "matcher/pipeline/models.hpp"

#include <algorithm>

#include "matcher/config/bundles.hpp"
#include "matcher/core/error.hpp"
#include "matcher/model/facts.hpp"

namespace matcher::pipeline {
namespace {

report::ListedModel describe(const model::Bundle& bundle) {
  const bool built_in = !bundle.builtin.empty(), ready = built_in || !bundle.path.empty();
  report::ListedModel listed{.name = bundle.name,
                             .dimension = std::size_t(bundle.dimension),
                             .ready = ready,
                             .built_in = built_in,
                             .size_bytes = ready ? model::size_bytes(bundle) : 0,
                             .path = bundle.path.string(),
                             .source = bundle.source,
                             .license = bundle.license,
                             .next_command = ready ? "" : bundle.get};
  listed.family = bundle.family;
  const auto input = bundle.preprocess.output();
  listed.height = std::size_t(input.height);
  listed.width = std::size_t(input.width);
  return listed;
}

/// An unreadable file stays in the list, with a warning.
void add_facts(const Context& context, const model::Bundle& bundle, report::ListedModel& listed) {
  if (!listed.ready) return;
  try {
    const auto facts = model::read_facts(bundle);
    listed.parameters = facts.parameters;
    listed.takes_texts = facts.takes_texts;
  } catch (const Error& error) {
    context.observer.log(LogLevel::warning, error.what());
  }
}

}  // namespace

report::ModelList list_models(const Context& context, const std::string& name) {
  const auto bundles = name.empty() ? config::find_bundles(context.places)
                                    : std::vector<model::Bundle>{config::find_bundle(name, context.places)};
  report::ModelList list;
  for (const auto& bundle : bundles) {
    list.models.push_back(describe(bundle));
    add_facts(context, bundle, list.models.back());
  }
  std::ranges::stable_sort(list.models, {}, &report::ListedModel::family);
  std::ranges::stable_partition(list.models, [](const auto& listed) { return listed.ready; });
  return list;
}

}  // namespace matcher::pipeline
