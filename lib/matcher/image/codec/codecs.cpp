#include "matcher/image/codec/codecs.hpp"

#include "matcher/core/plugin.hpp"

namespace matcher::image {

const Codecs& codecs() {
  static const Codecs& plugin =
      *reinterpret_cast<CodecsFactory>(open_plugin({"OpenCV", "libmatcher_opencv.so", codecs_symbol}))();
  return plugin;
}

}  // namespace matcher::image
