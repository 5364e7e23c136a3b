#include "matcher/model/network/torch_plugin.hpp"

#include "matcher/process/plugin.hpp"

#define MATCHER_QUOTED(name) #name
#define MATCHER_SYMBOL(name) MATCHER_QUOTED(name)

namespace matcher::model {
namespace {

constexpr const char* plugin_symbol = MATCHER_SYMBOL(MATCHER_TORCH_PLUGIN);
constexpr PluginName plugin_name{"LibTorch", "libmatcher_torch.so", plugin_symbol};

}  // namespace

const TorchPlugin& torch_plugin() {
  static const TorchPlugin& plugin = *reinterpret_cast<PluginFactory>(open_plugin(plugin_name))();
  return plugin;
}

std::filesystem::path find_torch_plugin() { return find_plugin(plugin_name); }

}  // namespace matcher::model
