#include "matcher/pipeline/vectors/joined_sets.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "matcher/core/error.hpp"
#include "matcher/files/file.hpp"

namespace matcher::pipeline {
namespace {

struct NamedSet {
  fs::path folder;
  store::EmbeddingSet set;
  const store::Manifest& manifest() const { return set.manifest(); }
};

std::string shard_name(const store::Manifest& m) {
  return m.shards == 1 ? "a whole set" : fmt::format("shard {}/{}", m.shard, m.shards);
}

void check_model(const NamedSet& a, const NamedSet& b) {
  const auto &x = a.manifest(), &y = b.manifest();
  if (x.model.fingerprint == y.model.fingerprint) return;
  throw Error(ErrorCode::mismatch,
              fmt::format("{} was embedded by {} but {} by {}; sets of two models cannot be joined. Embed again "
                          "with one of the two",
                          a.folder.string(), describe(x.model), b.folder.string(), describe(y.model)));
}

/// All sets are whole, or all are shards of one listing.
void check_data(const NamedSet& a, const NamedSet& b) {
  const auto &x = a.manifest(), &y = b.manifest();
  if (x.shards == 1 && y.shards == 1) return;
  if (x.shards == y.shards && x.listing == y.listing && x.split == y.split) return;
  throw Error(ErrorCode::mismatch,
              fmt::format("{} is {} of the {} of \"{}\" but {} is {} of the {} of \"{}\", with other items; embed all "
                          "shards of one dataset with the same --split and the same number of shards",
                          a.folder.string(), shard_name(x), to_string(x.split), x.data.name, b.folder.string(),
                          shard_name(y), to_string(y.split), y.data.name));
}

/// `sets` are whole sets, or shards of one listing in their order.
void check_no_shard_twice(const std::vector<NamedSet>& sets) {
  const auto& m = sets[0].manifest();
  for (std::size_t i = 1; i < sets.size(); ++i) {
    if (m.shards == 1 || sets[i].manifest().shard != sets[i - 1].manifest().shard) continue;
    throw Error(ErrorCode::mismatch,
                fmt::format("shard {}/{} is given twice: {} and {}; leave one out", sets[i].manifest().shard, m.shards,
                            sets[i - 1].folder.string(), sets[i].folder.string()));
  }
}

void check_complete(const std::vector<NamedSet>& sets) {
  const auto& m = sets[0].manifest();
  std::vector<std::size_t> missing(m.shards);
  std::iota(missing.begin(), missing.end(), std::size_t{1});
  for (const auto& set : sets) std::erase(missing, set.manifest().shard);
  if (missing.empty()) return;
  throw Error(
      ErrorCode::mismatch,
      fmt::format(
          "shard{} {} of {} of \"{}\" by {} {} missing; make {} with: matcher embed --model {} --dataset {} --split {} "
          "--shard {}/{}, and give its folder too",
          missing.size() > 1 ? "s" : "", fmt::join(missing, ", "), m.shards, m.data.name, m.model.name,
          missing.size() > 1 ? "are" : "is", missing.size() > 1 ? "the first" : "it", m.model.name, m.data.name,
          to_string(m.split), missing[0], m.shards));
}

std::vector<NamedSet> open_sets(const std::vector<fs::path>& folders, Shards shards) {
  std::vector<NamedSet> sets;
  for (const auto& folder : folders) {
    sets.push_back({folder, store::EmbeddingSet::open(folder)});
    check_model(sets[0], sets.back());
    check_data(sets[0], sets.back());
  }
  std::ranges::stable_sort(sets, {}, [](const NamedSet& set) { return set.manifest().shard; });
  check_no_shard_twice(sets);
  if (shards == Shards::all) check_complete(sets);
  return sets;
}

/// Refuses an id that two sets have in the same role.
class SeenIds {
 public:
  void add(const store::ItemRow& item, const fs::path& folder) {
    const auto [found, fresh] = folders_.emplace(std::pair(item.role, item.id), &folder);
    if (fresh) return;
    throw Error(ErrorCode::mismatch,
                fmt::format("the id \"{}\" of the {} is in {} and in {}; joined sets must hold each item once", item.id,
                            item.role, found->second->string(), folder.string()));
  }

 private:
  std::map<std::pair<std::string, std::string>, const fs::path*> folders_;
};

bool has_role(const std::vector<NamedSet>& sets, Role role) {
  return std::ranges::any_of(sets, [&](const NamedSet& named) {
    return std::ranges::any_of(named.set.items(),
                               [&](const store::ItemRow& item) { return item.role == to_string(role); });
  });
}

}  // namespace

StoredVectors join_sets(const std::vector<fs::path>& folders, Split split, Shards shards) {
  auto sets = open_sets(folders, shards);
  // A set of queries alone can be indexed as a gallery.
  const bool all_roles = split == Split::all || (split == Split::gallery && !has_role(sets, Role::gallery));
  auto manifest = sets[0].manifest();
  std::vector<store::ItemRow> items;
  std::vector<StoredVectors::Place> places;
  StoredVectors::Member member;
  SeenIds seen;
  double seconds_per_image = 0;
  for (std::uint32_t s = 0; s < sets.size(); ++s) {
    auto& [folder, set] = sets[s];
    auto rows = set.take_items();
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
      if (!all_roles && rows[row].role != to_string(split)) continue;
      if (sets.size() > 1) seen.add(rows[row], folder);
      items.push_back(std::move(rows[row]));
      places.push_back({s, row});
    }
    seconds_per_image += 1 / set.manifest().images_per_second;
    member.sets.push_back(std::move(set));
  }
  manifest.images_per_second = double(sets.size()) / seconds_per_image;
  manifest.data.fingerprint = store::data_fingerprint(items);
  if (shards == Shards::all) manifest.shard = manifest.shards = 1;
  std::vector<StoredVectors::Member> members;
  members.push_back(std::move(member));
  return {std::move(manifest), std::move(items), std::move(places), std::move(members)};
}

}  // namespace matcher::pipeline
