// Shared objects of matcher's own that bring large libraries, and are opened when those are first needed.
#pragma once

#include <filesystem>

namespace matcher {

struct PluginName {
  const char* library;  ///< what it brings, for messages: LibTorch
  const char* file;     ///< libmatcher_torch.so
  const char* symbol;   ///< its one exported function; the number in it changes with the interface
};

/// Where the plugin lies: in $MATCHER_PLUGIN_PATH where that is set, else in lib/matcher beside the executable's
/// folder, as built and as installed. Throws Error(resource) naming the places looked at.
std::filesystem::path find_plugin(const PluginName& name);

/// The address of the plugin's function. It is never closed, because the threads and registries of large libraries
/// outlive any order of destruction. Throws as find_plugin(), and Error(resource) saying why it does not load.
void* open_plugin(const PluginName& name);

}  // namespace matcher
