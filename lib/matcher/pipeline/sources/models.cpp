#include "matcher/pipeline/models.hpp"

#include <algorithm>

#include "matcher/config/bundles.hpp"
#include "matcher/core/error.hpp"
#include "matcher/model/facts.hpp"

namespace matcher::pipeline {
namespace {

/// True if all files of the model exist.
bool is_ready(const model::Bundle& bundle) {
  const auto has_files = [](const model::BaseModel& base) { return base.problem.empty() && is_ready(base.bundle); };
  if (!std::ranges::all_of(bundle.adaptation.bases, has_files)) return false;
  return !bundle.builtin.empty() || !bundle.path.empty();
}

/// The command that gets the missing file, or that of the first base.
std::string next_command(const model::Bundle& bundle) {
  return bundle.is_adapted() ? bundle.adaptation.bases[0].bundle.get : bundle.get;
}

report::ListedModel describe(const model::Bundle& bundle) {
  const bool built_in = !bundle.builtin.empty(), ready = is_ready(bundle);
  report::ListedModel listed{.name = bundle.name,
                             .dimension = std::size_t(bundle.dimension),
                             .ready = ready,
                             .built_in = built_in,
                             .size_bytes = ready ? model::size_bytes(bundle) : 0,
                             .path = bundle.path.string(),
                             .source = bundle.source,
                             .license = bundle.license,
                             .next_command = ready ? "" : next_command(bundle)};
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
  std::stable_partition(list.models.begin(), list.models.end(), [](const auto& listed) { return listed.ready; });
  return list;
}

}  // namespace matcher::pipeline
