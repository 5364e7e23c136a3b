// Checkpoints and TorchScript files, as far as they are read without LibTorch.
#include "fuzz/target.hpp"
#include "matcher/model/bundle/archive.hpp"
#include "matcher/model/checkpoint/config_file.hpp"
#include "matcher/model/checkpoint/safetensors.hpp"
#include "matcher/model/golden.hpp"

namespace {

using namespace matcher;

void read_tensors(std::string_view input) {
  const auto path = fuzz::write_file("model.safetensors", input);
  const MappedFile file(path);
  for (const auto& [name, tensor] : model::read_safetensors(file, path)) {
    volatile auto last = tensor.bytes.empty() ? std::byte() : tensor.bytes.back();
    static_cast<void>(last);
  }
}

void read_config(std::string_view input) {
  const auto settings = model::read_settings(fuzz::write_file("config.json", input));
  settings.whole("hidden_size", 1);
  settings.number("layer_norm_eps", 0, 0, 1);
  settings.side("image_size", 224);
  settings.child("vision_config").text("hidden_act", "gelu");
}

void read_records(std::string_view input) {
  const auto file = fuzz::write_file("model.pt", input);
  model::stored_records(file);
  model::extra_record(file, "matcher.yaml");
  model::read_golden(file);
}

const fuzz::Target safetensors("safetensors", read_tensors);
const fuzz::Target config("checkpoint_config", read_config,
                          [] { return fuzz::files_in("tests/data/model", {"config.json"}, 2000); });
const fuzz::Target archive("torchscript", read_records);

}  // namespace
