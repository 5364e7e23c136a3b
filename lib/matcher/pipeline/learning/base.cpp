#include "matcher/pipeline/learning/base.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/config/model_expression.hpp"
#include "matcher/core/error.hpp"
#include "matcher/core/imported.hpp"
#include "matcher/core/names.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/model/ensemble.hpp"
#include "matcher/model/vector_fingerprint.hpp"
#include "matcher/pipeline/embedding/lost_images.hpp"
#include "matcher/pipeline/search/labels.hpp"
#include "matcher/pipeline/vectors/joined_sets.hpp"
#include "matcher/pipeline/vectors/refined_vectors.hpp"

namespace matcher::pipeline {
namespace {

void check_not_adapted(const ModelMember& member) {
  if (!member.bundle.is_adapted()) return;
  const auto& base = member.bundle.adaptation.bases[0].name;
  throw Error(ErrorCode::usage,
              fmt::format("\"{}\" is adapted already; adapt its base: --model {}", member.bundle.name, base));
}

/// A name as a description can keep it: a path becomes absolute.
std::string lasting_name(const std::string& given, const model::Bundle& bundle) {
  const bool is_path = given.find('/') != std::string::npos || is_file(given);
  return is_path ? absolute_path(given).string() : bundle.name;
}

std::vector<model::BaseModel> bases_of(const std::string& expression, const ModelChoice& choice) {
  check_no_later_steps(choice, "and a map is learnt before; adapt without it, and name it for the adapted model");
  const auto names = config::parse_model_expression(expression).members;
  std::vector<model::BaseModel> bases;
  for (std::size_t i = 0; i < choice.members.size(); ++i) {
    const auto& [bundle, weight] = choice.members[i];
    check_not_adapted(choice.members[i]);
    bases.push_back({lasting_name(names[i].first, bundle), weight, bundle, {}});
  }
  return bases;
}

/// The fingerprint of the choice's vectors if all its networks run at this precision.
std::string fingerprint_at(const Context& context, const ModelChoice& choice, Precision precision) {
  std::vector<std::string> fingerprints;
  std::vector<double> weights;
  for (const auto& [bundle, weight] : choice.members) {
    fingerprints.push_back(model::vector_fingerprint(bundle, precision, known_models(context)));
    weights.push_back(weight);
  }
  return fingerprints.size() == 1 ? fingerprints[0] : model::ensemble_fingerprint(fingerprints, weights);
}

void check_made_by(const Context& context, const ModelIdentity& of_sets, const ModelChoice& choice) {
  const auto made = fingerprint_at(context, choice, parse_precision(of_sets.precision));
  if (made == of_sets.fingerprint) return;
  throw Error(
      ErrorCode::mismatch,
      fmt::format("the embedding sets were made by {}, but the model \"{}\" that is here now gives vectors with "
                  "the fingerprint {}. Embed again, or adapt with --model and --dataset",
                  describe(of_sets), choice.name, short_fingerprint(made)));
}

/// Imported sets name no model that this machine has, so the user names the base.
const std::string& base_of(const ModelIdentity& of_sets, const VectorInput& input) {
  if (is_imported(of_sets) && input.model.empty()) {
    throw Error(
        ErrorCode::usage,
        fmt::format("the embedding sets were imported as {}, so matcher does not know the model that made them. "
                    "Name it: --model M",
                    describe(of_sets)));
  }
  if (is_imported(of_sets)) return input.model;
  if (input.model.empty()) return of_sets.name;
  throw Error(ErrorCode::usage,
              fmt::format("--model {} is for imported embedding sets, but {} made these. Leave --model "
                          "out",
                          input.model, describe(of_sets)));
}

/// Imported vectors prove no more than their dimension.
void check_dimension(const Context& context, const ModelIdentity& of_sets, const ModelChoice& choice,
                     const ExecutionOptions& execution) {
  const auto found = find_dimension(context, choice, execution);
  if (found != of_sets.dimension) {
    throw Error(ErrorCode::mismatch, fmt::format("the imported vectors have {} dimensions ({}), but {} gives {}. Name "
                                                 "the model that made them: --model M",
                                                 of_sets.dimension, of_sets.name, choice.name, found));
  }
  context.observer.log(LogLevel::warning,
                       fmt::format("the vectors were imported as {}: nothing proves that {} made them. The dimensions "
                                   "agree ({})",
                                   of_sets.name, choice.name, found));
}

BaseVectors load_sets(const Context& context, const VectorInput& input, const ExecutionOptions& execution) {
  auto gallery = join_sets(input.embeddings, Split::gallery);
  const auto& model = gallery.manifest.model;
  const auto& base = base_of(model, input);
  const auto choice = choose_model(context, base, execution);
  auto bases = bases_of(base, choice);
  is_imported(model) ? check_dimension(context, model, choice, execution) : check_made_by(context, model, choice);
  auto queries = load_into_memory(join_sets(input.embeddings, Split::queries));
  return {std::move(bases), choice.name, std::move(gallery),
          queries.items.empty() ? std::nullopt : std::optional(std::move(queries))};
}

BaseVectors load_dataset_vectors(const Context& context, const VectorInput& input, const ExecutionOptions& execution) {
  const auto choice = choose_model(context, input.model, execution);
  auto bases = bases_of(input.model, choice);
  const auto data = load_dataset(context, input.dataset);
  auto gallery = embed_or_open(context, choice, data, Split::gallery, execution);
  std::optional<VectorSet> queries;
  if (!data.queries.empty()) queries = embed_or_load(context, choice, data, Split::queries, execution);
  auto cache = gallery.cache;
  if (queries) cache += queries->cache;
  report_cache_use(cache, choice.name, context.observer);
  return {std::move(bases), choice.name, std::move(gallery), std::move(queries)};
}

}  // namespace

BaseVectors load_base(const Context& context, const VectorInput& input, const ExecutionOptions& execution) {
  auto base =
      input.embeddings.empty() ? load_dataset_vectors(context, input, execution) : load_sets(context, input, execution);
  report_lost_images(base.gallery.failures, base.queries ? base.queries->failures : 0, base.name, context.observer);
  if (base.queries)
    check_labels(context.observer, base.gallery.items, base.queries->items, base.gallery.manifest.data.name);
  return base;
}

}  // namespace matcher::pipeline
