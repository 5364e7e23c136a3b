#include "matcher/pipeline/search/learnt_on.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"
#include "matcher/model/adapted.hpp"

namespace matcher::pipeline {
namespace {

/// The members of a choice, or of the model that has its name now.
std::vector<ModelMember> members_of(const Context& context, const ModelChoice& model) try {
  return model.members.empty() ? choose_model(context, model.name, {}).members : model.members;
} catch (const Error&) {
  return {};
}

std::size_t count_learnt(const model::Bundle& bundle, std::span<const store::ItemRow> queries) {
  const auto photos = model::read_map(bundle.path).photos;
  const auto is_learnt = [&](const store::ItemRow& query) {
    return std::ranges::binary_search(photos, model::photo_number(query.content_hash));
  };
  return std::size_t(std::ranges::count_if(queries, is_learnt));
}

}  // namespace

std::vector<report::LearntOn> report_learning(const Context& context, const ModelChoice& model,
                                              std::span<const store::ItemRow> queries) {
  std::vector<report::LearntOn> all;
  for (const auto& member : members_of(context, model)) {
    if (!member.bundle.is_adapted()) continue;
    const auto& from = member.bundle.adaptation;
    all.push_back({member.bundle.name, from.dataset, from.data, from.photos, from.products, queries.size(),
                   count_learnt(member.bundle, queries)});
    context.observer.log(all.back().known > 0 ? LogLevel::warning : LogLevel::info, sentence(all.back()));
  }
  return all;
}

void warn_of_texts(Observer& observer, const ModelChoice& model) {
  for (const auto& member : model.members) {
    if (!member.bundle.is_adapted()) continue;
    observer.log(
        LogLevel::warning,
        fmt::format("the map of {} was learnt on photos, and texts may be found worse than by its base. Measure "
                    "it: matcher compare --models {},{} --query-by text --dataset D",
                    member.bundle.name, base_choice(member.bundle).name, member.bundle.name));
  }
}

}  // namespace matcher::pipeline
