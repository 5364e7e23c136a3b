// The entry point of the plugin.
#include <torch/version.h>

#include "matcher/model/torch/torch_network.hpp"

namespace matcher::model {
namespace {

class Plugin : public TorchPlugin {
 public:
  std::unique_ptr<Network> load(const NetworkRequest& request) const override { return load_network(request); }

  std::string version() const override { return TORCH_VERSION; }
};

}  // namespace
}  // namespace matcher::model

extern "C" __attribute__((visibility("default"))) const matcher::model::TorchPlugin* MATCHER_TORCH_PLUGIN() {
  static const matcher::model::Plugin plugin;
  return &plugin;
}
