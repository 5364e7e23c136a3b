#include "matcher/dataset/labels.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <string>
#include <unordered_map>

#include "matcher/core/look_alike.hpp"

namespace matcher::dataset {
namespace {

/// The labels of some items, each once, in their order.
std::vector<SharedText> labels_of(const std::vector<Item>& items, std::set<const std::string*>& seen) {
  std::vector<SharedText> labels;
  SharedText last;
  for (const auto& item : items) {
    if (item.label == last || item.label.empty()) continue;
    last = item.label;
    if (seen.insert(&item.label.text()).second) labels.push_back(item.label);
  }
  return labels;
}

/// Groups labels by what people see.
std::map<std::string, std::vector<SharedText>> group_by_form(const std::vector<SharedText>& labels) {
  std::map<std::string, std::vector<SharedText>> groups;
  for (const auto& label : labels) groups[visible_form(label.text())].push_back(label);
  return groups;
}

void warn_of_pairs(const std::vector<Item>& items, const char* role, Dataset& dataset) {
  std::set<const std::string*> seen;
  std::set<std::string_view> first, others;
  for (const auto& [form, labels] : group_by_form(labels_of(items, seen))) {
    if (labels.size() < 2) continue;
    first.insert(labels[0].text());
    for (std::size_t i = 1; i < labels.size(); ++i) others.insert(labels[i].text());
  }
  const auto pairs = find_look_alikes(others, first);
  if (pairs.empty()) return;
  dataset.warnings.push_back(
      fmt::format("{} label{} of the {} look{} like another, but count{}: {}. To join them, add "
                  "--fold-labels",
                  pairs.size(), pairs.size() == 1 ? "" : "s", role, pairs.size() == 1 ? "s" : "",
                  pairs.size() == 1 ? "s as a product of its own" : " as products of their own",
                  describe_differences(pairs, role, role)));
}

struct Joined {
  std::unordered_map<const std::string*, SharedText> labels;
  SharedText from, to;  ///< the first pair
};

Joined join_labels(const Dataset& dataset) {
  std::set<const std::string*> seen;
  auto labels = labels_of(dataset.gallery, seen);
  const auto more = labels_of(dataset.queries, seen);
  labels.insert(labels.end(), more.begin(), more.end());
  Joined joined;
  for (const auto& [form, group] : group_by_form(labels))
    for (std::size_t i = 1; i < group.size(); ++i) {
      if (joined.labels.empty()) joined.from = group[i], joined.to = group[0];
      joined.labels[&group[i].text()] = group[0];
    }
  return joined;
}

void replace_labels(std::vector<Item>& items, const Joined& joined) {
  for (auto& item : items)
    if (const auto found = joined.labels.find(&item.label.text()); found != joined.labels.end())
      item.label = found->second;
}

}  // namespace

void join_or_warn(bool fold, Dataset& dataset) {
  if (!fold) {
    warn_of_pairs(dataset.gallery, "gallery", dataset);
    warn_of_pairs(dataset.queries, "queries", dataset);
    return;
  }
  const auto joined = join_labels(dataset);
  replace_labels(dataset.gallery, joined);
  replace_labels(dataset.queries, joined);
  const auto count = joined.labels.size();
  if (count == 0) return;
  dataset.warnings.push_back(fmt::format("{} label{} joined with one that looks the same, such as \"{}\" with \"{}\"",
                                         count, count == 1 ? " is" : "s are", joined.from.text(), joined.to.text()));
}

}  // namespace matcher::dataset
