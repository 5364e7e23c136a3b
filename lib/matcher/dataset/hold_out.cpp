#include "matcher/dataset/hold_out.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "matcher/core/error.hpp"
#include "matcher/files/hash.hpp"

namespace matcher::dataset {
namespace {

/// The number before `unit`; nothing for another text.
template <typename Number>
std::optional<Number> number_before(const std::string& text, std::string_view unit) {
  Number value{};
  const auto* end = text.data() + text.size() - std::min(unit.size(), text.size());
  const auto result = std::from_chars(text.data(), end, value);
  const bool is_whole = result.ec == std::errc() && result.ptr == end && text.ends_with(unit);
  return is_whole ? std::optional(value) : std::nullopt;
}

/// The number of series that a label with `n` of them gives away.
std::size_t count_held_out(const HoldOut& rule, std::size_t n) {
  if (n < 2) return 0;
  if (rule.kind == HoldOut::Kind::per_label) return rule.count < n ? rule.count : 0;
  return std::clamp<std::size_t>(std::size_t(std::lround(rule.share * double(n))), 1, n - 1);
}

/// The hash of the item's series: of its group, or of the item alone.
std::string series_of(const Item& item) {
  return item.group.empty() ? Hasher().field(item.id).hex() : Hasher().field("group").field(item.group.text()).hex();
}

/// Items of each series of each label. Items without a label stay.
std::map<std::string, std::map<std::string, std::vector<std::size_t>>> series_by_label(const std::vector<Item>& items) {
  std::map<std::string, std::map<std::string, std::vector<std::size_t>>> labels;
  for (std::size_t i = 0; i < items.size(); ++i)
    if (!items[i].label.empty()) labels[items[i].label][series_of(items[i])].push_back(i);
  return labels;
}

std::vector<bool> choose(const HoldOut& rule, const std::vector<Item>& items) {
  std::vector<bool> chosen(items.size(), false);
  for (const auto& [label, series] : series_by_label(items)) {
    auto left = count_held_out(rule, series.size());
    for (const auto& [hash, its_items] : series) {
      if (left == 0) break;
      for (const auto item : its_items) chosen[item] = true;
      --left;
    }
  }
  return chosen;
}

void move_chosen(const std::vector<bool>& chosen, Dataset& dataset) {
  auto items = std::exchange(dataset.gallery, {});
  for (std::size_t i = 0; i < items.size(); ++i)
    (chosen[i] ? dataset.queries : dataset.gallery).push_back(std::move(items[i]));
}

/// Leaves out the queries that nothing in the gallery can answer, and counts them.
void skip_single(Dataset& dataset) {
  std::map<std::string, std::size_t> counts;
  for (const auto& item : dataset.gallery) ++counts[item.label.text()];
  const auto single = std::erase_if(
      dataset.queries, [&](const Item& item) { return item.label.empty() || counts[item.label.text()] < 2; });
  if (single == 0) return;
  dataset.warnings.push_back(
      fmt::format("{} photo{} alone with {} product, or without a label: no quer{}, but part of "
                  "the gallery",
                  single, single == 1 ? " is" : "s are", single == 1 ? "its" : "their", single == 1 ? "y" : "ies"));
}

void check_no_queries(const HoldOut& rule, const Dataset& dataset) {
  if (dataset.queries.empty()) return;
  throw Error(ErrorCode::usage,
              fmt::format("dataset \"{}\" has {} queries, so none are held out. Leave --hold-out {} out", dataset.name,
                          dataset.queries.size(), rule.text));
}

bool has_label_of_two(const std::vector<Item>& items) {
  std::set<std::string_view> labels;
  return std::ranges::any_of(
      items, [&](const Item& item) { return !item.label.empty() && !labels.insert(item.label.text()).second; });
}

void check_enough(const HoldOut& rule, const Dataset& dataset) {
  const bool enough =
      rule.kind == HoldOut::Kind::leave_one_out ? has_label_of_two(dataset.gallery) : !dataset.queries.empty();
  if (enough) return;
  throw Error(ErrorCode::input, fmt::format("--hold-out {} leaves no queries: no label of \"{}\" has {} or more images",
                                            rule.text, dataset.name, std::max<std::size_t>(rule.count + 1, 2)));
}

}  // namespace

HoldOut parse_hold_out(const std::string& text) {
  if (text == "leave-one-out") return {HoldOut::Kind::leave_one_out, 0, 0, text};
  if (const auto count = number_before<std::size_t>(text, "-per-label"); count && *count > 0)
    return {HoldOut::Kind::per_label, *count, 0, text};
  if (const auto percent = number_before<double>(text, "%"); percent && *percent > 0 && *percent < 100)
    return {HoldOut::Kind::share, 0, *percent / 100, text};
  throw Error(ErrorCode::usage,
              fmt::format("--hold-out must be N-per-label, a share such as 20%, or leave-one-out, not \"{}\"", text));
}

HoldOut leave_one_out() { return {HoldOut::Kind::leave_one_out, 0, 0, "leave-one-out of known products", true}; }

void apply(const HoldOut& rule, Dataset& dataset) {
  if (rule.kind == HoldOut::Kind::none) return;
  check_no_queries(rule, dataset);
  if (rule.kind == HoldOut::Kind::leave_one_out)
    dataset.queries = dataset.gallery;
  else
    move_chosen(choose(rule, dataset.gallery), dataset);
  check_enough(rule, dataset);
  if (rule.skip_single) skip_single(dataset);
  const auto note = rule.kind == HoldOut::Kind::leave_one_out ? rule.text : rule.text + " held out";
  dataset.protocol += (dataset.protocol.empty() ? "" : "; ") + note;
}

}  // namespace matcher::dataset
