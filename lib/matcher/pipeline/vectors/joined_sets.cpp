// Several embedding sets as one: shards of a listing, or sets of several datasets by one model.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/pipeline/vectors/stored_vectors.hpp"

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
  throw Error(
      ErrorCode::mismatch,
      fmt::format(
          "{} was embedded by {} but {} by {}; sets are taken as one only when one model made them: embed again "
          "with one of the two",
          a.folder.string(), describe(x.model), b.folder.string(), describe(y.model)));
}

/// Shards are those of one listing; a set that is whole is not among them.
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

/// The sets are shards in their order, and of one listing.
void check_complete(const std::vector<NamedSet>& sets) {
  const auto& m = sets[0].manifest();
  for (std::size_t i = 1; i < sets.size(); ++i) {
    if (m.shards == 1 || sets[i].manifest().shard != sets[i - 1].manifest().shard) continue;
    throw Error(ErrorCode::mismatch,
                fmt::format("shard {}/{} is given twice: {} and {}; leave one out", sets[i].manifest().shard, m.shards,
                            sets[i - 1].folder.string(), sets[i].folder.string()));
  }
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

std::vector<NamedSet> open_sets(const std::vector<fs::path>& folders) {
  std::vector<NamedSet> sets;
  for (const auto& folder : folders) {
    sets.push_back({folder, store::EmbeddingSet::open(folder)});
    check_model(sets[0], sets.back());
    check_data(sets[0], sets.back());
  }
  std::ranges::stable_sort(sets, {}, [](const NamedSet& set) { return set.manifest().shard; });
  check_complete(sets);
  return sets;
}

/// An id may be there once in the gallery and once among the queries.
class SeenIds {
 public:
  void add(const store::ItemRow& item, const fs::path& folder) {
    const auto [found, fresh] = folders_.emplace(std::pair(item.role, item.id), &folder);
    if (fresh) return;
    throw Error(ErrorCode::mismatch,
                fmt::format("the id \"{}\" of the {} is in {} and in {}; sets taken as one hold each item once",
                            item.id, item.role, found->second->string(), folder.string()));
  }

 private:
  std::map<std::pair<std::string, std::string>, const fs::path*> folders_;
};

bool has_role(const std::vector<NamedSet>& sets, const std::string& role) {
  return std::ranges::any_of(sets, [&](const NamedSet& named) {
    return std::ranges::any_of(named.set.items(), [&](const store::ItemRow& item) { return item.role == role; });
  });
}

}  // namespace

StoredVectors joined(const std::vector<fs::path>& folders, Split split) {
  auto sets = open_sets(folders);
  // A set of queries alone is a gallery to whoever indexes it.
  const auto role = to_string(split);
  const bool all_roles = split == Split::all || (split == Split::gallery && !has_role(sets, role));
  StoredVectors all;
  all.manifest = sets[0].manifest();
  all.members_.emplace_back();
  all.weights_ = {1};
  SeenIds seen;
  double seconds_per_image = 0;
  for (std::uint32_t s = 0; s < sets.size(); ++s) {
    auto& [folder, set] = sets[s];
    auto items = set.take_items();
    for (std::uint32_t row = 0; row < items.size(); ++row) {
      if (!all_roles && items[row].role != role) continue;
      if (sets.size() > 1) seen.add(items[row], folder);
      all.items.push_back(std::move(items[row]));
      all.places_.push_back({s, row});
    }
    all.failures += set.failures().size();
    seconds_per_image += 1 / set.manifest().images_per_second;
    all.members_[0].push_back(std::move(set));
  }
  auto& m = all.manifest;
  m.images_per_second = double(sets.size()) / seconds_per_image;
  m.data.fingerprint = store::data_fingerprint(all.items);
  m.shard = m.shards = 1;
  return all;
}

}  // namespace matcher::pipeline
