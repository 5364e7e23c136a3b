#include "matcher/store/cache/files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "matcher/core/error.hpp"
#include "matcher/core/hash.hpp"
#include "matcher/core/names.hpp"
#include "matcher/core/schemas.hpp"

namespace matcher::store {
namespace {

using nlohmann::ordered_json;

constexpr const char* pack_extension = ".pack";

struct Pack {
  fs::path file;
  std::string model;
  std::uintmax_t bytes = 0;
  fs::file_time_type last_used;
};

/// Returns nothing if the folder does not belong to a cache, or its key is damaged.
std::optional<ModelIdentity> read_key(const fs::path& folder) {
  std::ifstream in(folder / key_file);
  const auto json = ordered_json::parse(in, nullptr, false);
  if (!json.is_object() || json.value("schema", "") != schema::cache_pack) return std::nullopt;
  return ModelIdentity{.name = json.value("model", ""),
                       .fingerprint = json.value("fingerprint", ""),
                       .precision = json.value("precision", ""),
                       .device = json.value("device", ""),
                       .dimension = json.value("dimension", std::size_t{0})};
}

std::vector<fs::path> folders_of(const fs::path& root) {
  std::vector<fs::path> folders;
  if (!fs::is_directory(root)) return folders;
  for (const auto& entry : fs::directory_iterator(root)) {
    if (entry.is_directory()) folders.push_back(entry.path());
  }
  std::ranges::sort(folders);
  return folders;
}

std::vector<Pack> read_packs(const fs::path& folder, const std::string& model) {
  std::vector<Pack> packs;
  for (const auto& file : packs_of(folder)) {
    std::error_code gone;  // set if another process pruned the file
    const auto bytes = fs::file_size(file, gone);
    if (!gone) packs.push_back({file, model, bytes, fs::last_write_time(file, gone)});
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
std::vector<FolderLock> lock_idle(std::vector<fs::path>& folders, std::vector<std::string>& busy) {
  std::vector<FolderLock> locks;
  locks.reserve(folders.size());
  std::erase_if(folders, [&](const fs::path& folder) {
    try {
      locks.emplace_back(folder);
      return false;
    } catch (const Error&) {
      busy.push_back(read_key(folder)->name);
      return true;
    }
  });
  return locks;
}

}  // namespace

std::string folder_name(const ModelIdentity& model) {
  const auto hash =
      Hasher().field(model.fingerprint).field(model.device).field(fmt::format("{}", model.dimension)).hex();
  return fmt::format("{}-{}", file_name_of(model.name), hash.substr(0, 16));
}

std::string key_text(const ModelIdentity& m) {
  const ordered_json json{{"schema", schema::cache_pack}, {"model", m.name},    {"fingerprint", m.fingerprint},
                          {"precision", m.precision},     {"device", m.device}, {"dimension", m.dimension}};
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

std::string file_name_of_pack(const std::string& stem) { return stem + pack_extension; }

std::vector<fs::path> packs_of(const fs::path& folder) {
  std::vector<fs::path> packs;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == pack_extension) packs.push_back(entry.path());
  }
  std::ranges::sort(packs);
  return packs;
}

std::string pack_header(std::size_t dimension) {
  return fmt::format("{:<{}}\n", fmt::format("{} {}", schema::cache_pack, dimension), pack_header_bytes - 1);
}

std::vector<CacheUse> cache_uses(const fs::path& root) {
  std::vector<CacheUse> uses;
  for (const auto& folder : folders_of(root)) {
    const auto key = read_key(folder);
    const auto packs = key ? read_packs(folder, key->name) : std::vector<Pack>();
    if (!packs.empty()) uses.push_back(use_of(folder, *key, packs));
  }
  std::ranges::stable_sort(uses, std::ranges::greater(), &CacheUse::last_used);
  return uses;
}

Pruned prune_cache(const fs::path& root, const PruneOptions& options) {
  Pruned pruned;
  auto folders = folders_of(root);
  std::erase_if(folders, [&](const fs::path& folder) {
    const auto key = read_key(folder);
    return !key || (!options.model.empty() && key->name != options.model);
  });
  const auto locks = lock_idle(folders, pruned.busy);
  std::vector<Pack> packs;
  for (const auto& folder : folders) std::ranges::move(read_packs(folder, {}), std::back_inserter(packs));
  std::ranges::stable_sort(packs, {}, &Pack::last_used);
  for (const auto& pack : chosen(std::move(packs), options)) {
    if (!fs::remove(pack.file)) continue;
    ++pruned.files;
    pruned.bytes += pack.bytes;
  }
  return pruned;
}

}  // namespace matcher::store
