#include "matcher/pipeline/models.hpp"

#include <fmt/format.h>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/core/names.hpp"

namespace matcher::pipeline {

std::vector<ModelStatus> list_models(const Context& context) {
  std::vector<ModelStatus> all;
  for (auto& bundle : config::find_bundles(context.places)) {
    const bool ready = !bundle.builtin.empty() || !bundle.path.empty();
    const auto size = ready ? model::size_bytes(bundle) : 0;
    auto next = ready ? std::string() : bundle.get;
    all.push_back({std::move(bundle), ready, size, std::move(next)});
  }
  return all;
}

fs::path export_model(const Context& context, const std::string& name, const fs::path& output) {
  const auto bundle = config::find_bundle(name, context.places);
  if (bundle.builtin.empty()) {
    throw Error(ErrorCode::usage, fmt::format("{} is not built in, so there is nothing to export from; only {} can be exported yet", name,
                                              fmt::format("{}", name_hint("", model::builtin_names()).substr(2))));
  }
  fs::path file = output.empty() ? context.workdir / "models" / (bundle.name + ".pt") : output;
  if (file.has_parent_path()) make_folder(file.parent_path());
  auto described = bundle;
  described.builtin.clear();
  described.get.clear();
  described.file = file.filename().string();
  model::export_builtin(bundle, config::bundle_yaml(described), file);
  return file;
}

}  // namespace matcher::pipeline
