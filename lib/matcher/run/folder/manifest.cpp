#include "matcher/run/folder/manifest.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"
#include "matcher/core/schemas.hpp"
#include "matcher/core/version.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/json_damage.hpp"
#include "matcher/files/sum.hpp"

namespace matcher::run {
namespace {

using json = nlohmann::ordered_json;

Manifest manifest_of(const json& manifest) {
  const auto name_in = [&](const char* key) { return manifest.value(key, json::object()).value("name", ""); };
  return {name_in("model"), name_in("dataset"), manifest.value("label_names", std::map<std::string, std::string>()),
          manifest.value("files", Hashes()), made_in(manifest)};
}

/// A fused run is named after its method: "score(a,b)".
std::string command_for(const Manifest& manifest, const fs::path& folder) {
  if (manifest.model.ends_with(')')) return fmt::format("matcher fuse RUN RUN --output {}", folder.string());
  return fmt::format("matcher eval --model {} --dataset {} --output {}", manifest.model, manifest.dataset,
                     folder.string());
}

[[noreturn]] void fail_damaged(const fs::path& file, const std::string& why, const std::string& command) {
  throw Error(ErrorCode::input,
              fmt::format("\"{}\" is damaged: {}. Make the run again: {}", file.string(), why, command));
}

}  // namespace

std::string manifest_text(const Run& run, const Hashes& hashes) {
  const auto& r = run.report;
  json manifest = {{"schema", schema::run}, {"version", version}};
  add_made(manifest, run.made);
  manifest["model"] = {{"name", r.model.name}, {"fingerprint", r.model.fingerprint}};
  manifest["dataset"] = {{"name", r.dataset.name}, {"fingerprint", r.dataset.fingerprint}};
  manifest["options"] = {{"index", r.index}, {"depth", r.depth}};
  manifest["label_names"] = run.label_names;
  manifest["files"] = hashes;
  return with_sum(manifest.dump(2, ' ', false, json::error_handler_t::replace) + '\n');
}

Manifest read_manifest(const fs::path& file) {
  const auto command = command_for({"M", "D", {}, {}, {}}, file.parent_path());
  const auto text = read_text(file);
  try {
    auto manifest = manifest_of(json::parse(text));
    if (has_wrong_sum(text)) fail_damaged(file, "its content differs from its sum", command);
    return manifest;
  } catch (const json::exception& error) {
    fail_damaged(file, describe_damage(error), command);
  }
}

void check_hash(const Manifest& manifest, const fs::path& file, const std::string& hash) {
  const auto wanted = manifest.hashes.find(file.filename().string());
  if (wanted == manifest.hashes.end() || wanted->second == hash) return;
  fail_damaged(file,
               fmt::format("its hash is {}, but manifest.json has {}", short_fingerprint(hash),
                           short_fingerprint(wanted->second)),
               command_for(manifest, file.parent_path()));
}

}  // namespace matcher::run
