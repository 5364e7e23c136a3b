// Shared objects of matcher's own that bring large libraries, and are opened when those are first needed.
#pragma once

#include <string>

namespace matcher {

struct PluginName {
  const char* library;  ///< what it brings, for messages: LibTorch
  const char* file;     ///< libmatcher_torch.so
  const char* symbol;   ///< its one exported function; the number in it changes with the interface
};

/// The address of the plugin's function. The plugin lies in $MATCHER_PLUGIN_PATH where that is set, else in
/// lib/matcher beside the executable's folder, as built and as installed; it is never closed, because the threads and
/// registries of large libraries outlive any order of destruction. Throws Error(resource) naming the places looked at,
/// or why it does not load.
void* open_plugin(const PluginName& name);

}  // namespace matcher
