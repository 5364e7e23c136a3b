#include "matcher/store/cache/files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"
#include "matcher/core/schemas.hpp"
#include "matcher/files/hash.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/files/sum.hpp"
#include "matcher/files/temporary.hpp"

namespace matcher::store {
namespace {

using nlohmann::ordered_json;

constexpr const char* pack_extension = ".pack";
constexpr std::size_t largest_dimension = 1 << 24;  ///< a larger one is damage; sizes must not wrap

struct Pack {
  fs::path file;
  std::uintmax_t bytes = 0;
  fs::file_time_type last_used;
};

std::string text_in(const ordered_json& json, const char* name) { return json.at(name).get<std::string>(); }

/// A model's folder in the cache. If its key is damaged, it has no model, and the name of the folder.
struct Entry {
  fs::path folder;
  std::optional<ModelIdentity> model;

  std::string name() const { return model ? model->name : folder.filename().string(); }
};

bool begins_with_schema(const fs::path& file) {
  std::string start(std::string_view(schema::cache_pack).size(), '\0');
  std::ifstream(file, std::ios::binary).read(start.data(), std::streamsize(start.size()));
  return start == schema::cache_pack;
}

std::string text_of_key(const fs::path& folder) {
  try {
    return read_text(folder / key_file);
  } catch (const Error&) {
    return {};
  }
}

/// True if the key or a pack names the format: other folders beside those of the cache are not touched.
bool is_own(const fs::path& folder) {
  return text_of_key(folder).find(schema::cache_pack) != std::string::npos ||
         std::ranges::any_of(packs_of(folder), begins_with_schema);
}

/// The folders of the cache, sorted.
std::vector<Entry> entries_of(const fs::path& root) {
  std::vector<Entry> entries;
  for (const auto& folder : list_if_readable(root)) {
    if (!is_folder(folder)) continue;
    auto model = read_key(folder);
    if (model || is_own(folder)) entries.push_back({folder, std::move(model)});
  }
  return entries;
}

std::vector<Pack> read_packs(const fs::path& folder) {
  std::vector<Pack> packs;
  for (const auto& file : packs_of(folder)) {
    std::error_code gone;  // set if another process pruned the file
    const auto bytes = fs::file_size(file, gone);
    const auto used = gone ? fs::file_time_type::min() : fs::last_write_time(file, gone);
    if (!gone) packs.push_back({file, bytes, used});
  }
  return packs;
}

CacheUse use_of(const fs::path& folder, const ModelIdentity& model, const std::vector<Pack>& packs) {
  CacheUse use{model, folder, 0, 0, fs::file_time_type::min()};
  for (const auto& pack : packs) {
    use.bytes += pack.bytes;
    use.vectors +=
        (std::max<std::uintmax_t>(pack.bytes, pack_header_bytes) - pack_header_bytes) / record_bytes(model.dimension);
    use.last_used = std::max(use.last_used, pack.last_used);
  }
  return use;
}

/// Chooses packs to remove. `packs` are in the order of their last use, the oldest first.
std::vector<Pack> chosen(std::vector<Pack> packs, const PruneOptions& options) {
  if (!options.unused_for && !options.max_bytes) return packs;
  std::uintmax_t left = 0;
  for (const auto& pack : packs) left += pack.bytes;
  const auto oldest =
      options.unused_for ? fs::file_time_type::clock::now() - *options.unused_for : fs::file_time_type::min();
  std::erase_if(packs, [&](const Pack& pack) {
    const bool goes =
        (options.unused_for && pack.last_used <= oldest) || (options.max_bytes && left > *options.max_bytes);
    if (goes) left -= pack.bytes;
    return !goes;
  });
  return packs;
}

/// Locks the folders that no process uses, and drops the others; the names of their models go to `busy`.
std::vector<FolderLock> lock_idle(std::vector<Entry>& entries, std::vector<std::string>& busy) {
  std::vector<FolderLock> locks;
  locks.reserve(entries.size());
  std::erase_if(entries, [&](const Entry& entry) {
    try {
      locks.emplace_back(entry.folder);
      return false;
    } catch (const Error&) {
      busy.push_back(entry.name());
      return true;
    }
  });
  return locks;
}

}  // namespace

std::optional<ModelIdentity> read_key(const fs::path& folder) {
  try {
    const auto text = text_of_key(folder);
    const auto json = ordered_json::parse(text);
    if (text_in(json, "schema") != schema::cache_pack || has_wrong_sum(text)) return std::nullopt;
    ModelIdentity model{.name = text_in(json, "model"),
                        .fingerprint = text_in(json, "fingerprint"),
                        .precision = text_in(json, "precision"),
                        .device = text_in(json, "device"),
                        .dimension = json.at("dimension").get<std::size_t>()};
    const bool fits = model.dimension > 0 && model.dimension <= largest_dimension;
    return fits ? std::optional(std::move(model)) : std::nullopt;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

std::string folder_name(const ModelIdentity& model) {
  const auto hash =
      Hasher().field(model.fingerprint).field(model.device).field(fmt::format("{}", model.dimension)).hex();
  return fmt::format("{}-{}", file_name_of(model.name), hash.substr(0, 16));
}

std::string key_text(const ModelIdentity& m) {
  const ordered_json json{{"schema", schema::cache_pack}, {"model", m.name},    {"fingerprint", m.fingerprint},
                          {"precision", m.precision},     {"device", m.device}, {"dimension", m.dimension}};
  return with_sum(json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n');
}

std::string file_name_of_pack(const std::string& stem) { return stem + pack_extension; }

std::vector<fs::path> packs_of(const fs::path& folder) {
  auto packs = list_if_readable(folder);
  std::erase_if(packs, [](const fs::path& file) { return file.extension() != pack_extension; });
  return packs;
}

void remove_left_overs(const fs::path& folder) {
  for (const char* name : {key_file, speed_file}) remove_left_over_files(folder / name);
}

std::string pack_header(std::size_t dimension) {
  return fmt::format("{:<{}}\n", fmt::format("{} {}", schema::cache_pack, dimension), pack_header_bytes - 1);
}

std::vector<CacheUse> cache_uses(const fs::path& root) {
  std::vector<CacheUse> uses;
  for (const auto& [folder, model] : entries_of(root)) {
    const auto packs = read_packs(folder);
    if (model && !packs.empty()) uses.push_back(use_of(folder, *model, packs));
  }
  std::ranges::stable_sort(uses, std::ranges::greater(), &CacheUse::last_used);
  return uses;
}

std::vector<DamagedCache> damaged_caches(const fs::path& root) {
  std::vector<DamagedCache> damaged;
  for (const auto& [folder, model] : entries_of(root)) {
    std::uintmax_t bytes = 0;
    for (const auto& pack : read_packs(folder)) bytes += pack.bytes;
    if (!model && bytes > 0) damaged.push_back({folder, bytes});
  }
  return damaged;
}

Pruned prune_cache(const fs::path& root, const PruneOptions& options) {
  Pruned pruned;
  auto entries = entries_of(root);
  std::erase_if(entries, [&](const Entry& e) { return !options.model.empty() && e.name() != options.model; });
  const auto locks = lock_idle(entries, pruned.busy);
  std::vector<Pack> packs;
  for (const auto& entry : entries) std::ranges::move(read_packs(entry.folder), std::back_inserter(packs));
  std::ranges::stable_sort(packs, {}, &Pack::last_used);
  for (const auto& pack : chosen(std::move(packs), options)) {
    std::error_code error;
    if (!fs::remove(pack.file, error) && !error) continue;
    if (error) fail_writing(pack.file, error.value());
    ++pruned.files;
    pruned.bytes += pack.bytes;
  }
  return pruned;
}

}  // namespace matcher::store
