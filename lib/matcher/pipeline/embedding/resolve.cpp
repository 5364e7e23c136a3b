#include "matcher/pipeline/embedding/resolve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "matcher/config/bundles.hpp"
#include "matcher/config/datasets.hpp"
#include "matcher/config/model_expression.hpp"
#include "matcher/core/error.hpp"
#include "matcher/files/content_place.hpp"
#include "matcher/model/adapted.hpp"
#include "matcher/model/ensemble.hpp"
#include "matcher/model/stepped.hpp"

namespace matcher::pipeline {
namespace {

std::string join_names(const std::vector<ModelMember>& members) {
  const bool weighted = std::any_of(members.begin(), members.end(),
                                    [&](const ModelMember& m) { return m.weight != members.front().weight; });
  std::string name;
  for (const auto& member : members) {
    name += (name.empty() ? "" : "+") + member.bundle.name;
    if (weighted) name += fmt::format(":{}", member.weight);
  }
  return name;
}

/// A margin without boxes is a mistake.
void check_has_boxes(const dataset::Dataset& data) {
  const auto is_crop = [](const dataset::Item& item) { return parse_place(item.path).box.has_value(); };
  if (std::ranges::any_of(data.gallery, is_crop) || std::ranges::any_of(data.queries, is_crop)) return;
  throw Error(ErrorCode::usage,
              fmt::format("--crop-margin is for boxes, but \"{}\" has none. Leave it out", data.name));
}

/// Any item may be held out.
dataset::KeptColumns kept_columns(const dataset::HoldOut& rule) {
  return rule.kind == dataset::HoldOut::Kind::none ? dataset::KeptColumns::of_queries : dataset::KeptColumns::of_all;
}

std::string display_name(const std::vector<ModelMember>& members, const refine::Steps& steps) {
  const auto name = join_names(members);
  return (members.size() > 1 && !steps.empty() ? "(" + name + ")" : name) + refine::suffix_of(steps);
}

void check_files(const Context& context, const model::Bundle& bundle) {
  model::require_file(bundle);
  if (bundle.is_adapted()) model::check_bases(bundle, known_models(context));
}

}  // namespace

ModelChoice choose_model(const Context& context, const std::string& expression, const ExecutionOptions& execution) {
  if (expression.empty()) {
    throw Error(ErrorCode::usage,
                "no model was given: use --model NAME (matcher models lists them) or set model in matcher.yaml");
  }
  ModelChoice choice;
  const auto parsed = config::parse_model_expression(expression);
  for (const auto& [name, weight] : parsed.members) {
    choice.members.push_back({config::find_bundle(name, context.places, execution.decode), weight});
  }
  for (const auto& member : choice.members) check_files(context, member.bundle);
  choice.steps = parsed.steps;
  choice.name = display_name(choice.members, choice.steps);
  return choice;
}

ModelChoice base_choice(const model::Bundle& adapted) {
  ModelChoice choice;
  for (const auto& base : adapted.adaptation.bases) choice.members.push_back({base.bundle, base.weight});
  choice.name = join_names(choice.members);
  return choice;
}

std::unique_ptr<model::Embedder> load_embedder(const Context& context, const model::Bundle& bundle,
                                               const ExecutionOptions& execution) {
  if (!bundle.steps.empty()) {
    auto embedder = load_embedder(context, model::without_steps(bundle), execution);
    for (const auto& step : bundle.steps) embedder = model::make_stepped(std::move(embedder), step);
    return embedder;
  }
  if (bundle.is_adapted()) {
    auto map = model::read_map(bundle.path).map;
    return model::make_adapted(load_embedder(context, base_choice(bundle), execution), std::move(map));
  }
  auto embedder = model::load(bundle, {execution.device, execution.precision, thread_count(execution.threads)},
                              known_models(context));
  if (const auto choice = embedder->precision_choice(); !choice.empty())
    context.observer.log(LogLevel::info, "precision " + choice);
  else if (const auto reason = embedder->precision_reason();
           execution.precision == Precision::automatic && !reason.empty())
    context.observer.log(LogLevel::debug, "precision " + reason);
  return embedder;
}

std::unique_ptr<model::Embedder> load_embedder(const Context& context, const ModelChoice& choice,
                                               const ExecutionOptions& execution) {
  if (choice.members.size() == 1) return load_embedder(context, choice.members[0].bundle, execution);
  std::vector<model::Member> members;
  for (const auto& member : choice.members)
    members.push_back({load_embedder(context, member.bundle, execution), member.weight});
  return model::make_ensemble(std::move(members));
}

std::size_t find_dimension(const Context& context, const ModelChoice& choice, const ExecutionOptions& execution) {
  std::size_t dimension = 0;
  for (const auto& member : choice.members) {
    const auto& bundle = member.bundle;
    dimension +=
        bundle.dimension > 0 ? std::size_t(bundle.dimension) : load_embedder(context, bundle, execution)->dimension();
  }
  return refine::dimension_after(choice.steps, dimension);
}

ModelIdentity identity_of(const std::string& name, const model::Embedder& embedder) {
  return {.name = name,
          .fingerprint = embedder.fingerprint(),
          .precision = to_string(embedder.precision()),
          .device = to_string(embedder.device()),
          .dimension = embedder.dimension(),
          .size_bytes = 0};
}

ModelIdentity refined_identity(ModelIdentity before, const ModelChoice& choice) {
  before.fingerprint = refine::steps_fingerprint(before.fingerprint, choice.steps);
  before.dimension = refine::dimension_after(choice.steps, before.dimension);
  before.name = choice.name;
  return before;
}

std::uintmax_t size_bytes(const ModelChoice& choice) {
  return std::accumulate(choice.members.begin(), choice.members.end(), std::uintmax_t{0},
                         [](auto sum, const ModelMember& m) { return sum + model::size_bytes(m.bundle); });
}

dataset::Dataset load_dataset(const Context& context, const DatasetRequest& request, QueryColumns columns) {
  if (request.name.empty()) {
    throw Error(ErrorCode::usage, "no dataset was given: use --dataset NAME or PATH, or set dataset in matcher.yaml");
  }
  auto description = config::find_dataset(request.name, context.places, request.columns);
  if (request.crop_margin) dataset::apply_crop_margin(*request.crop_margin, description);
  description.fold_labels = description.fold_labels || request.fold_labels;
  if (columns == QueryColumns::keep) description.kept_columns = kept_columns(request.hold_out);
  auto loaded = dataset::load(description);
  if (request.crop_margin) check_has_boxes(loaded);
  dataset::apply(request.hold_out, loaded);
  for (const auto& warning : loaded.warnings) context.observer.log(LogLevel::warning, warning);
  return loaded;
}

}  // namespace matcher::pipeline
