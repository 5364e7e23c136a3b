#include "matcher/pipeline/audit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

#include "matcher/core/stopped.hpp"
#include "matcher/eval/hubs.hpp"
#include "matcher/eval/inseparable.hpp"
#include "matcher/eval/label_errors.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/pipeline/auditing/copies.hpp"
#include "matcher/pipeline/auditing/material.hpp"
#include "matcher/pipeline/auditing/nearest.hpp"

namespace matcher::pipeline {
namespace {

using report::AuditItem;

/// Numbers of labels, by row; eval::no_label for a row without a label or without a vector.
struct NumberedLabels {
  std::vector<std::uint32_t> of_row;
  std::vector<std::string> names;
};

NumberedLabels number_labels(const Material& material) {
  NumberedLabels labels{std::vector<std::uint32_t>(material.items.size(), eval::no_label), {}};
  std::unordered_map<std::string, std::uint32_t> numbers;
  for (const auto row : material.of_vector) {
    const auto& label = material.items[row].label;
    if (label.empty()) continue;
    const auto [found, fresh] = numbers.emplace(label, std::uint32_t(labels.names.size()));
    if (fresh) labels.names.push_back(label);
    labels.of_row[row] = found->second;
  }
  return labels;
}

/// Photos whose file is on this machine.
std::vector<std::string> paths_of(const Material& material, bool must_exist) {
  std::vector<std::string> paths;
  for (const auto& item : material.items)
    paths.push_back(must_exist && !is_file(item.path) ? std::string() : item.path);
  return paths;
}

report::Counts by_count(const std::map<std::string, std::size_t>& counts) {
  report::Counts sorted(counts.begin(), counts.end());
  std::ranges::stable_sort(sorted, std::greater<>(), &report::Counts::value_type::second);
  return sorted;
}

/// The reason without what differs from photo to photo.
std::string kind_of(const std::string& reason) {
  auto end = reason.size();
  for (const auto* mark : {". ", ": ", "; ", " ("}) end = std::min(end, reason.find(mark));
  return reason.substr(0, end);
}

double median_area(std::span<const PhotoFacts> facts) {
  std::vector<double> areas;
  for (const auto& one : facts)
    if (one.width > 0) areas.push_back(double(one.width) * double(one.height));
  if (areas.empty()) return 0;
  const auto middle = areas.begin() + std::ptrdiff_t(areas.size() / 2);
  std::ranges::nth_element(areas, middle);
  return *middle;
}

/// Says what is odd about the size of a photo; "" if nothing is.
std::string odd_size(const PhotoFacts& photo, double median) {
  constexpr int smallest_side = 32;
  constexpr double largest_ratio = 4, largest_change = 25;
  const double ratio = double(std::max(photo.width, photo.height)) / double(std::min(photo.width, photo.height));
  const double area = double(photo.width) * double(photo.height);
  if (std::min(photo.width, photo.height) < smallest_side)
    return fmt::format("a side is below {} pixels", smallest_side);
  if (ratio > largest_ratio) return fmt::format("one side is {:.1f} times the other", ratio);
  if (area * largest_change < median)
    return fmt::format("{:.0f} times fewer pixels than the median photo", median / area);
  if (area > median * largest_change) return fmt::format("{:.0f} times the pixels of the median photo", area / median);
  return {};
}

/// Makes the report from the material.
class Auditor {
 public:
  Auditor(const Context& context, const AuditOptions& options, Material material)
      : context_(context), options_(options), material_(std::move(material)), labels_(number_labels(material_)) {}

  report::Audit audit() {
    describe();
    try {
      look();
      search();
      judge_labels();
      compare();
    } catch (Stopped& stopped) {
      stopped.continues = false;
      throw;
    }
    list_singles();
    return std::move(audit_);
  }

 private:
  const AuditItem& item(std::uint32_t row) const { return material_.items[row]; }

  void describe() {
    audit_.model = material_.model;
    audit_.dataset = material_.dataset;
    audit_.label_names = material_.label_names;
    audit_.limit = options_.near_duplicate;
    audit_.skipped = by_count(material_.skipped);
    for (const auto& one : material_.items) {
      ++(one.role == to_string(Role::gallery) ? audit_.gallery : audit_.queries);
      if (one.label.empty())
        ++audit_.unlabelled;
      else
        ++photos_of_[one.label];
    }
    audit_.products = photos_of_.size();
  }

  void look() {
    facts_ = look_at_photos(context_.observer, paths_of(material_, !options_.input.embeddings.empty()),
                            thread_count(options_.execution.threads));
    std::map<std::string, std::size_t> kinds;
    const double median = median_area(facts_);
    for (std::uint32_t row = 0; row < facts_.size(); ++row) {
      const auto& photo = facts_[row];
      if (photo.looked_at) ++audit_.looked_at;
      const auto& reason = photo.reason.empty() ? material_.reasons[row] : photo.reason;
      if (!reason.empty()) {
        audit_.unusable.push_back({item(row), reason});
        ++kinds[kind_of(reason)];
      } else if (photo.width > 0) {
        if (auto odd = odd_size(photo, median); !odd.empty())
          audit_.odd_sizes.push_back({item(row), photo.width, photo.height, std::move(odd)});
      }
    }
    audit_.unusable_kinds = by_count(kinds);
  }

  /// Finds the neighbours of every row that has a vector, as rows of the material.
  void search() {
    const auto found =
        find_nearest(context_.observer, "search", material_.unit.view(), material_.unit.view(), eval::label_neighbours);
    neighbours_.resize(material_.items.size());
    vector_of_.resize(material_.items.size(), eval::no_label);
    for (std::uint32_t i = 0; i < found.size(); ++i) {
      auto& list = neighbours_[material_.of_vector[i]] = found[i];
      for (auto& neighbour : list) neighbour.row = material_.of_vector[neighbour.row];
      vector_of_[material_.of_vector[i]] = i;
    }
  }

  void judge_labels() {
    for (const auto& doubt : eval::find_label_errors(neighbours_, labels_.of_row)) {
      const auto suggested = doubt.suggested == eval::no_label ? std::string() : labels_.names[doubt.suggested];
      audit_.suspects.push_back({item(doubt.row), suggested, doubt.margin, doubt.own, doubt.seen, doubt.p, doubt.likely,
                                 suggested.empty() ? AuditItem() : item(doubt.nearest), double(doubt.cosine)});
    }
    for (const auto& hub : eval::find_hubs(neighbours_, labels_.of_row))
      audit_.hubs.push_back({item(hub.row), hub.answers, hub.wrong});
    for (const auto& pair : eval::find_inseparable(neighbours_, labels_.of_row))
      audit_.inseparable.push_back(
          {labels_.names[pair.a], labels_.names[pair.b], pair.items, pair.own, pair.expected, pair.p});
  }

  double cosine_of(const Copy& copy) const {
    const auto a = vector_of_[copy.a], b = vector_of_[copy.b];
    if (a == eval::no_label || b == eval::no_label) return copy.cosine;
    return inner_product(material_.unit.row(a), material_.unit.row(b));
  }

  void compare() {
    auto copies = find_copies(context_.observer, {material_.items, facts_, material_.hashes});
    for (auto& copy : copies) copy.cosine = cosine_of(copy);
    audit_.limit_separates = separates(neighbours_, material_.items, options_.near_duplicate);
    if (audit_.limit_separates) add_near_duplicates(neighbours_, material_.items, options_.near_duplicate, copies);
    for (const auto& copy : copies) {
      const report::SamePair pair{copy.likeness, item(copy.a), item(copy.b), copy.cosine};
      if (pair.is_leak()) audit_.leaks.push_back(pair);
      if (!pair.is_leak() || pair.has_two_labels()) audit_.duplicates.push_back(pair);
    }
    std::ranges::stable_sort(audit_.leaks, {}, &report::SamePair::likeness);
    std::ranges::stable_sort(audit_.duplicates, {}, [](const report::SamePair& pair) {
      return std::pair(!pair.has_two_labels(), pair.likeness);
    });
  }

  void list_singles() {
    for (std::uint32_t row = 0; row < material_.items.size(); ++row) {
      const auto& one = item(row);
      if (one.label.empty() || photos_of_.at(one.label) > 1) continue;
      report::Single single{one, {}, 0};
      if (!neighbours_[row].empty()) {
        single.nearest = item(neighbours_[row][0].row);
        single.cosine = double(neighbours_[row][0].score);
      }
      audit_.singles.push_back(std::move(single));
    }
    std::ranges::stable_sort(audit_.singles, std::greater<>(), &report::Single::cosine);
    list_missing_products();
  }

  void list_missing_products() {
    std::map<std::string, bool> in_gallery;
    for (const auto& one : material_.items)
      if (!one.label.empty()) in_gallery[one.label] |= one.role == to_string(Role::gallery);
    if (audit_.gallery == 0) return;
    for (const auto& [label, found] : in_gallery)
      if (!found) audit_.missing_products.push_back(label);
  }

  const Context& context_;
  const AuditOptions& options_;
  Material material_;
  NumberedLabels labels_;
  std::map<std::string, std::size_t> photos_of_;
  std::vector<PhotoFacts> facts_;
  eval::Neighbours neighbours_;
  std::vector<std::uint32_t> vector_of_;
  report::Audit audit_;
};

}  // namespace

report::Audit audit(const Context& context, const AuditOptions& options) {
  return Auditor(context, options, load_material(context, options)).audit();
}

}  // namespace matcher::pipeline
