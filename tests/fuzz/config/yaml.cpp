// The three YAML files that people write.
#include "fuzz/target.hpp"
#include "matcher/config/settings.hpp"
#include "matcher/config/yaml/bundle.hpp"
#include "matcher/config/yaml/dataset.hpp"

namespace {

using namespace matcher;

const fuzz::Target settings(
    "settings", [](std::string_view input) { config::parse_settings(std::string(input), "matcher.yaml"); },
    [] { return fuzz::files_in("configs", {"matcher.yaml"}); });

/// A description that is accepted can be written and read again.
void read_twice(std::string_view input) {
  const auto bundle = config::parse_bundle(std::string(input), "model.yaml");
  config::parse_bundle(config::write_bundle(bundle), "written.yaml");
}

const fuzz::Target model("model_yaml", read_twice, [] { return fuzz::files_in("configs/models", {".yaml"}); });

const fuzz::Target dataset(
    "dataset_yaml", [](std::string_view input) { config::parse_dataset(std::string(input), "dataset.yaml"); },
    [] { return fuzz::files_in("datasets", {".yaml"}); });

}  // namespace
