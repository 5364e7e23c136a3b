#include "matcher/report/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"

namespace matcher::report {
namespace {

constexpr std::size_t most_groups = 1000, most_confusions = 100;

template <class Row>
std::size_t cut(std::vector<Row>& rows, std::size_t most) {
  const auto left_out = rows.size() - std::min(rows.size(), most);
  rows.resize(rows.size() - left_out);
  return left_out;
}

struct NamedKind {
  const char *name, *plural;
  QueryKind kind;
};

constexpr std::array kinds{NamedKind{"image", "photos", QueryKind::image}, NamedKind{"text", "texts", QueryKind::text},
                           NamedKind{"any", "queries", QueryKind::any}};

}  // namespace

const char* name_of(QueryKind kind) { return kinds.at(std::size_t(kind)).name; }

const char* plural_of(QueryKind kind) { return kinds.at(std::size_t(kind)).plural; }

QueryKind parse_query_kind(const std::string& name) {
  for (const auto& [known, plural, kind] : kinds) {
    if (name == known) return kind;
  }
  throw Error(ErrorCode::usage, fmt::format("unknown kind of queries \"{}\"; use image, text or any", name));
}

void set_breakdown(Report& r, eval::Breakdown breakdown, const std::map<std::string, std::string>& label_names) {
  r.breakdown = std::move(breakdown);
  auto& [labels, categories, confused] = r.breakdown;
  r.left_out = {cut(labels, most_groups), cut(categories, most_groups), cut(confused, most_confusions)};
  r.label_names.clear();
  const auto keep = [&](const std::string& label) {
    if (const auto found = label_names.find(label); found != label_names.end()) r.label_names.insert(*found);
  };
  for (const auto& group : labels) keep(group.key);
  for (const auto& pair : confused) {
    keep(pair.label);
    keep(pair.answered);
  }
}

const std::string& name_of(const Report& r, const std::string& label) {
  const auto found = r.label_names.find(label);
  return found == r.label_names.end() ? label : found->second;
}

bool NearDuplicates::limit_separates() const { return near == 0 || 5 * near < copies + near + others; }

const eval::Estimate* find_metric(const Metrics& metrics, const std::string& name) {
  const auto found = std::find_if(metrics.begin(), metrics.end(), [&](const auto& m) { return m.first == name; });
  return found == metrics.end() ? nullptr : &found->second;
}

std::string sentence(const LearntOn& l) {
  return fmt::format(
      "the map of {} was learnt on {} photos of {} products of {} (data {}); {} of the {} queries are among these "
      "photos",
      l.model, l.photos, l.products, l.dataset, short_fingerprint(l.data), l.known, l.queries);
}

}  // namespace matcher::report
