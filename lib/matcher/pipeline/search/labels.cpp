#include "matcher/pipeline/search/labels.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/core/error.hpp"
#include "matcher/core/look_alike.hpp"

namespace matcher::pipeline {
namespace {

std::set<std::string_view> labels_of(std::span<const store::ItemRow> items) {
  std::set<std::string_view> labels;
  for (const auto& item : items) labels.insert(item.label);
  labels.erase("");
  return labels;
}

}  // namespace

void check_labels(Observer& observer, std::span<const store::ItemRow> gallery, std::span<const store::ItemRow> queries,
                  const std::string& dataset) {
  const auto known = labels_of(gallery), labels = labels_of(queries);
  const auto pairs = find_look_alikes(labels, known);
  if (pairs.empty()) return;
  const auto difference = describe_differences(pairs, "queries", "gallery") +
                          ". Write the labels alike on both sides, or join them with --fold-labels";
  if (std::ranges::none_of(labels, [&](const auto label) { return known.contains(label); })) {
    throw Error(ErrorCode::input, fmt::format("none of the {} queries of \"{}\" has a right answer in the gallery: {}",
                                              queries.size(), dataset, difference));
  }
  observer.log(LogLevel::warning, fmt::format("{} of the {} labels of the queries of \"{}\" only look like a label of "
                                              "the gallery, so their queries are unknown: {}",
                                              pairs.size(), labels.size(), dataset, difference));
}

}  // namespace matcher::pipeline
