#include "matcher/image/codec/plugins/load.hpp"

#include <fmt/format.h>

#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "matcher/core/error.hpp"
#include "matcher/image/codec/plugins/reader.hpp"

namespace matcher::image {
namespace {

void check_present(const PluginName& plugin, const char* format, const char* package) {
  try {
    find_plugin(plugin);
  } catch (const Error&) {
    throw DecodeError(
        fmt::format("{} is not supported by this build, which lacks {}. Install {} and build matcher again, "
                    "or convert the image to JPEG or PNG",
                    format, plugin.file, package));
  }
}

/// Opens each plugin once.
OpenReader* find_reader(const PluginName& plugin, const char* format, const char* package) {
  static std::mutex mutex;
  static std::map<std::string, OpenReader*> opened;
  const std::lock_guard lock(mutex);
  if (const auto found = opened.find(plugin.file); found != opened.end()) return found->second;
  check_present(plugin, format, package);
  try {
    return opened[plugin.file] = reinterpret_cast<OpenReader*>(open_plugin(plugin));
  } catch (const Error& error) {
    throw DecodeError(fmt::format("{} cannot be decoded now: {}", format, error.what()));
  }
}

}  // namespace

Image decode_by_plugin(const PluginName& plugin, const char* format, const char* package, Bytes file,
                       PixelMemory& memory) {
  auto* const open = find_reader(plugin, format, package);
  try {
    const std::unique_ptr<PluginReader> reader(open(file));
    const auto size = reader->size();
    Image image = memory.make(size.width, size.height);
    if (reader->has_alpha()) image.alpha.resize(image.rgb.size() / 3);
    reader->read(image.rgb.data(), image.alpha.data());
    return image;
  } catch (const DecodeError&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    throw DecodeError(
        fmt::format("corrupt {} ({}). Export the photo again, or convert it to JPEG or PNG", format, error.what()));
  }
}

}  // namespace matcher::image
