#include "matcher/dataset/collecting/collector.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <utility>

#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"
#include "matcher/core/text.hpp"
#include "matcher/dataset/formats/splits.hpp"

namespace matcher::dataset {
namespace {

bool is_same(const std::string& a, const std::string& b) { return a == b || lower_case(a) == lower_case(b); }

}  // namespace

void Collector::begin(const Source& source) {
  source_ = &source;
  seen_.clear();
}

void Collector::expect(std::size_t count) {
  gallery_.expect(count);
  queries_.expect(count);
}

void Collector::add(Item item) {
  if (!is_wanted(item)) return;
  if (seen_.size() < 1000 || last_split_ != item.split) seen_.insert(item.split);
  last_split_ = item.split;
  if (source_->roles.empty()) return add_usual(std::move(item));
  const bool is_gallery = plays(Role::gallery, item.split), is_query = plays(Role::queries, item.split);
  if (is_gallery && is_query) gallery_.add(item, 0);
  if (is_query)
    queries_.add(std::move(item), 0);
  else if (is_gallery)
    gallery_.add(std::move(item), 0);
}

void Collector::end() const {
  const std::vector<std::string> splits(seen_.begin(), seen_.end());
  for (const auto& [role, names] : source_->roles) {
    for (const auto& name : names) {
      if (std::ranges::any_of(splits, [&](const auto& split) { return is_same(split, name); })) continue;
      throw Error(ErrorCode::input, fmt::format("dataset \"{}\": no item of {} has the split \"{}\"{}",
                                                description_.name, source_->path, name, name_hint(name, splits)));
    }
  }
}

Dataset Collector::take() {
  Dataset dataset{description_.name, description_.protocol, {}, {}, {}, std::move(warnings_)};
  dataset.gallery = gallery_.take(dataset.warnings);
  dataset.queries = queries_.take(dataset.warnings);
  return dataset;
}

bool Collector::is_wanted(const Item& item) const {
  return source_->only.empty() || std::ranges::any_of(source_->only, [&](const std::string& pattern) {
           return ::fnmatch(pattern.c_str(), item.id.c_str(), 0) == 0;
         });
}

bool Collector::plays(Role role, const std::string& split) const {
  const auto found = source_->roles.find(role);
  return found != source_->roles.end() &&
         std::ranges::any_of(found->second, [&](const auto& name) { return is_same(name, split); });
}

void Collector::add_usual(Item item) {
  if (item.split.empty()) return gallery_.add(std::move(item), 0);
  const auto usual = find_usual_split(item.split.text());
  if (!usual) {
    const auto origin = describe_origin(item);
    throw Error(ErrorCode::input,
                fmt::format("{}: unknown split \"{}\". Use {}, or name the splits under roles in a "
                            "dataset.yaml",
                            origin.empty() ? item.id : origin, item.split.text(), describe_usual_splits()));
  }
  (usual->role == Role::gallery ? gallery_ : queries_).add(std::move(item), usual->rank);
}

}  // namespace matcher::dataset
