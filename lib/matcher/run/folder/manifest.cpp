#include "matcher/run/folder/manifest.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "matcher/core/error.hpp"
#include "matcher/core/schemas.hpp"
#include "matcher/core/version.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/json_damage.hpp"

namespace matcher::run {

using json = nlohmann::ordered_json;

std::string manifest_text(const Run& run) {
  const auto& r = run.report;
  const json manifest = {{"schema", schema::run},
                         {"version", version},
                         {"model", {{"name", r.model.name}, {"fingerprint", r.model.fingerprint}}},
                         {"dataset", {{"name", r.dataset.name}, {"fingerprint", r.dataset.fingerprint}}},
                         {"options", {{"index", r.index}, {"depth", r.depth}}},
                         {"label_names", run.label_names}};
  return manifest.dump(2, ' ', false, json::error_handler_t::replace) + '\n';
}

std::map<std::string, std::string> read_label_names(const fs::path& manifest) {
  try {
    return json::parse(read_text(manifest)).value("label_names", std::map<std::string, std::string>());
  } catch (const json::exception& error) {
    throw Error(ErrorCode::input,
                fmt::format("\"{}\" is damaged: {}. Evaluate again", manifest.string(), describe_damage(error)));
  }
}

}  // namespace matcher::run
