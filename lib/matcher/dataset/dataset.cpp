#include "matcher/dataset/dataset.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fnmatch.h>

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"
#include "matcher/core/text.hpp"
#include "matcher/dataset/formats/csv_table.hpp"
#include "matcher/dataset/formats/formats.hpp"
#include "matcher/dataset/formats/splits.hpp"
#include "matcher/dataset/labels.hpp"
#include "matcher/files/paths.hpp"

namespace matcher::dataset {

namespace fs = std::filesystem;

namespace {

fs::path root_of(const Description& description) {
  const auto root = (fs::path(description.origin).parent_path() / description.root).lexically_normal();
  return root.empty() ? fs::path(".") : root;
}

/// Refuses a missing file or folder, with the command that fetches it.
void require_exists(const Description& description, const fs::path& path) {
  if (path_exists(path)) return;
  const auto get = description.get.empty() ? "" : fmt::format(". Fetch it: {}", description.get);
  throw Error(ErrorCode::input,
              fmt::format("dataset \"{}\": \"{}\" {}{}", description.name, path.string(), why_missing(path), get));
}

/// The items of one role, with the ranks of their splits. Rank 0: always used.
class RoleItems {
 public:
  explicit RoleItems(const char* role) : role_(role) {}

  void expect(std::size_t count) {
    items_.reserve(items_.size() + count);
    ranks_.reserve(ranks_.size() + count);
  }

  void add(Item item, int rank) {
    items_.push_back(std::move(item));
    ranks_.push_back(std::uint8_t(rank));
  }

  /// Leaves out the items whose split another one goes before. Throws Error(input) for an id that is used twice.
  std::vector<Item> take(std::vector<std::string>& warnings) {
    drop_lower_ranks(warnings);
    check_ids();
    return std::move(items_);
  }

 private:
  void drop_lower_ranks(std::vector<std::string>& warnings) {
    std::uint8_t best = 0;
    for (const auto rank : ranks_)
      if (rank > 0 && (best == 0 || rank < best)) best = rank;
    const auto is_dropped = [&](std::size_t i) { return ranks_[i] > best; };
    std::map<std::string, std::size_t> dropped;
    std::size_t kept = 0;
    std::string used;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (is_dropped(i)) {
        ++dropped[items_[i].split];
        continue;
      }
      if (ranks_[i] == best && best > 0) used = items_[i].split;
      if (kept != i) items_[kept] = std::move(items_[i]);
      ++kept;
    }
    items_.resize(kept);
    for (const auto& [split, count] : dropped)
      warnings.push_back(
          fmt::format("{} item{} of the split \"{}\" {} not used: \"{}\" has the {}. To use other splits, "
                      "name them under roles in a dataset.yaml",
                      count, count == 1 ? "" : "s", split, count == 1 ? "is" : "are", used, role_));
  }

  /// Compares hashes of ids: a table of five million ids would need more memory than the items.
  void check_ids() const {
    std::vector<std::pair<std::size_t, std::uint32_t>> hashes;
    hashes.reserve(items_.size());
    for (std::size_t i = 0; i < items_.size(); ++i)
      hashes.emplace_back(std::hash<std::string>{}(items_[i].id), std::uint32_t(i));
    std::ranges::sort(hashes);
    auto first = items_.size();
    std::size_t other = 0;
    for (std::size_t i = 0; i < hashes.size(); ++i) {
      for (std::size_t j = i + 1; j < hashes.size() && hashes[j].first == hashes[i].first; ++j) {
        if (items_[hashes[i].second].id != items_[hashes[j].second].id || hashes[j].second >= first) continue;
        first = hashes[j].second;
        other = hashes[i].second;
      }
    }
    if (first < items_.size()) fail_twice(items_[first], items_[other]);
  }

  [[noreturn]] void fail_twice(const Item& item, const Item& earlier) const {
    throw Error(ErrorCode::input, fmt::format("{}: {} already uses the id \"{}\". An id must be unique within the {}",
                                              describe_origin(item), describe_origin(earlier), item.id, role_));
  }

  const char* role_;
  std::vector<Item> items_;
  std::vector<std::uint8_t> ranks_;
};

/// Gives the items of one source after the other to their roles.
class Collector : public Sink {
 public:
  explicit Collector(const Description& description) : description_(description) {}

  void begin(const Source& source) {
    source_ = &source;
    seen_.clear();
  }

  void expect(std::size_t count) override {
    gallery_.expect(count);
    queries_.expect(count);
  }

  void add(Item item) override {
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

  void warn(std::string sentence) override { warnings_.push_back(std::move(sentence)); }

  /// Refuses a role whose split no item has: it is a typing error, not an empty role.
  void end() const {
    const std::vector<std::string> splits(seen_.begin(), seen_.end());
    for (const auto& [role, names] : source_->roles) {
      for (const auto& name : names) {
        if (std::ranges::any_of(splits, [&](const auto& split) { return is_same(split, name); })) continue;
        throw Error(ErrorCode::input, fmt::format("dataset \"{}\": no item of {} has the split \"{}\"{}",
                                                  description_.name, source_->path, name, name_hint(name, splits)));
      }
    }
  }

  Dataset take() {
    Dataset dataset{description_.name, description_.protocol, {}, {}, {}, std::move(warnings_)};
    dataset.gallery = gallery_.take(dataset.warnings);
    dataset.queries = queries_.take(dataset.warnings);
    return dataset;
  }

 private:
  bool is_wanted(const Item& item) const {
    return source_->only.empty() || std::ranges::any_of(source_->only, [&](const std::string& pattern) {
             return ::fnmatch(pattern.c_str(), item.id.c_str(), 0) == 0;
           });
  }

  static bool is_same(const std::string& a, const std::string& b) { return a == b || lower_case(a) == lower_case(b); }

  bool plays(Role role, const std::string& split) const {
    const auto found = source_->roles.find(role);
    return found != source_->roles.end() &&
           std::ranges::any_of(found->second, [&](const auto& name) { return is_same(name, split); });
  }

  void add_usual(Item item) {
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

  const Description& description_;
  const Source* source_ = nullptr;
  RoleItems gallery_{"gallery"}, queries_{"queries"};
  std::vector<std::string> warnings_;
  std::set<std::string> seen_;
  SharedText last_split_;
};

void read_source(const Description& description, const Source& source, const fs::path& root, Collector& collector) {
  if (!source.path.ends_with('}') && source.path.find('{') == std::string::npos)
    require_exists(description, root / source.path);
  collector.begin(source);
  find_format(source.format).read(source, root, collector);
  collector.end();
}

/// The name and category that the label file gives a label.
struct LabelInfo {
  std::string name, category;
};

std::map<std::string, LabelInfo> read_labels(const Description& description, const fs::path& root) {
  std::map<std::string, LabelInfo> labels;
  if (description.labels_csv.empty()) return labels;
  require_exists(description, root / description.labels_csv);
  Table table(root / description.labels_csv, {description.labels_header, true, {}, description.label_columns},
              {"label", "name", "category"});
  table.require("label");
  const auto label = table.find("label"), name = table.find("name"), category = table.find("category");
  for (CsvRow row; table.next(row);)
    labels[table.field(row, label, "label")] = {table.field(row, name, "name"), table.field(row, category, "category")};
  return labels;
}

void fill_categories(std::vector<Item>& items, const std::map<std::string, LabelInfo>& labels) {
  for (auto& item : items) {
    const auto found = labels.find(item.label);
    if (item.category.empty() && found != labels.end()) item.category = found->second.category;
  }
}

void add_labels(Dataset& dataset, const std::map<std::string, LabelInfo>& labels) {
  for (const auto& [label, info] : labels) {
    if (!info.name.empty()) dataset.label_names[label] = info.name;
  }
  fill_categories(dataset.gallery, labels);
  fill_categories(dataset.queries, labels);
}

}  // namespace

void apply_crop_margin(double margin, Description& description) {
  constexpr double most = 10;
  if (!(margin >= 0 && margin <= most))
    throw Error(ErrorCode::usage, fmt::format("--crop-margin must be from 0 to {}, not {}", most, margin));
  for (auto& source : description.sources) source.crop_margin = margin;
}

std::string describe_origin(const Item& item) {
  if (item.source.empty()) return item.path;
  return item.line == 0 ? item.source.text() : fmt::format("{}:{}", item.source.text(), item.line);
}

Dataset load(const Description& description) {
  const auto root = root_of(description);
  require_exists(description, root);
  Collector collector(description);
  for (const auto& source : description.sources) read_source(description, source, root, collector);
  auto dataset = collector.take();
  if (dataset.gallery.empty() && dataset.queries.empty()) {
    throw Error(ErrorCode::input, fmt::format("dataset \"{}\" has no items. See its sources in {}", description.name,
                                              description.origin));
  }
  add_labels(dataset, read_labels(description, root));
  join_or_warn(description.fold_labels, dataset);
  return dataset;
}

std::vector<SourceFormat> source_formats() {
  std::vector<SourceFormat> all;
  for (const Format* format : formats()) all.push_back(format->about);
  return all;
}

std::vector<std::string> labels_without_gallery(const Dataset& dataset) {
  std::set<std::string> known{""}, missing;
  for (const auto& item : dataset.gallery) known.insert(item.label.text());
  for (const auto& item : dataset.queries) {
    if (!known.contains(item.label)) missing.insert(item.label.text());
  }
  return {missing.begin(), missing.end()};
}

}  // namespace matcher::dataset
