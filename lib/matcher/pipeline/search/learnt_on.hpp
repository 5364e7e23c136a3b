// Reports what the maps of adapted models were learnt on, so that nobody takes known photos for new ones.
#pragma once

#include <span>

#include "matcher/pipeline/embedding/resolve.hpp"
#include "matcher/report/report.hpp"
#include "matcher/store/items.hpp"

namespace matcher::pipeline {

/// Returns and logs the gallery that the map of each adapted member was learnt on, and how many of the queries are
/// among its photos: a warning if there are any. For vectors from embedding sets, `model` has only a name; a model that
/// is not found under it is not reported.
std::vector<report::LearntOn> report_learning(const Context& context, const ModelChoice& model,
                                              std::span<const store::ItemRow> queries);

/// Warns that a map of photos may not help texts, with the command that measures it.
void warn_of_texts(Observer& observer, const ModelChoice& model);

}  // namespace matcher::pipeline
