// Opens matcher's own shared objects, which bring large libraries, on first use.
#pragma once

#include <filesystem>

namespace matcher {

struct PluginName {
  const char* library;  ///< the library it brings, for messages: LibTorch
  const char* file;     ///< libmatcher_torch.so
  const char* symbol;   ///< its one exported function; the number in the name changes with the interface
};

/// Finds the plugin in $MATCHER_PLUGIN_PATH if that is set, otherwise in lib/matcher beside the folder of the
/// executable, as built and as installed. Throws Error(resource) with the searched places.
std::filesystem::path find_plugin(const PluginName& name);

/// Returns the address of the plugin's function. Never closes the plugin: threads and registries of large libraries
/// outlive any order of destruction. Throws as find_plugin(), and Error(resource) with the reason if loading fails.
void* open_plugin(const PluginName& name);

}  // namespace matcher
