// Vision transformers of timm, by their config.json. Reference: timm's models/_hub.py, data/config.py and
// data/transforms_factory.py.
#include <fmt/format.h>

#include <cmath>

#include "matcher/model/checkpoint/timm_processor.hpp"
#include "matcher/model/families/families.hpp"
#include "matcher/model/families/trunk.hpp"

namespace matcher::model {
namespace {

bool is_timm(const Family&, const Checkpoint& checkpoint) {
  const auto type = checkpoint.config().text("model_type", "");
  return checkpoint.config().has("architecture") && (type.empty() || type == "timm_wrapper");
}

std::string find_prefix(const Checkpoint& checkpoint) { return checkpoint.has_any("timm_model.") ? "timm_model." : ""; }

/// Refuses arguments of the network that matcher does not follow.
void check_arguments(const Settings& arguments) {
  for (const auto& [key, value] : arguments.items()) {
    const bool known = key == "img_size" || key == "global_pool" || key == "dynamic_img_size" || key == "num_classes";
    if (!known && !value.is_null())
      arguments.refuse(printable(key), "of \"model_args\" is an argument that matcher does not follow",
                       build_in_python);
  }
}

std::int64_t read_side(const Settings& config) {
  const auto processor = timm_settings(config);
  const auto size = read_timm_size(processor);
  const auto side = config.child("model_args").side("img_size", size.height);
  if (size.height != size.width || side != size.height)
    processor.refuse("input_size",
                     fmt::format("is {} x {}, but the network is for {} x {}", size.height, size.width, side, side),
                     "matcher builds networks for squares of one size");
  return side;
}

Architecture read_timm(Checkpoint& checkpoint) {
  const auto& config = checkpoint.config();
  const auto arguments = config.child("model_args");
  check_arguments(arguments);
  const auto name = config.text("architecture", "");
  TrunkRequest request{name.substr(0, name.find('.')), find_prefix(checkpoint),
                       arguments.text("global_pool", config.text("global_pool", "")), read_side(config)};
  for (const auto* head : {"head.", "head_dist.", "fc."}) checkpoint.ignore_all(request.prefix + head);
  Architecture architecture;
  const auto shape = add_trunk(checkpoint, config, "architecture", request, std::nullopt, architecture.network);
  architecture.summary = summarise(shape);
  architecture.dimension = int(shape.block.width);
  architecture.patch = int(shape.patch);
  architecture.fixed_side = takes_any_size(shape) ? 0 : int(request.side);
  return architecture;
}

}  // namespace

const Family timm_family{
    .name = "timm",
    .model_types = {},
    .matches = is_timm,
    .read = read_timm,
    .preprocess = [](const Checkpoint& checkpoint) { return read_timm_processor(timm_settings(checkpoint.config())); },
};

}  // namespace matcher::model
