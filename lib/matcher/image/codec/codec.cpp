#include "matcher/image/codec/codec.hpp"

#include "matcher/image/codec/foreign.hpp"

namespace matcher::image {

const Codec& find_codec(Bytes file) {
#define MATCHER_ADDRESS_CODEC(name) &name##_codec,
  static constexpr const Codec* codecs[] = {MATCHER_CODECS(MATCHER_ADDRESS_CODEC)};
#undef MATCHER_ADDRESS_CODEC
  if (file.empty()) throw DecodeError("empty file");
  for (const Codec* codec : codecs)
    if (codec->matches(file)) return *codec;
  refuse_foreign(file);
}

}  // namespace matcher::image
