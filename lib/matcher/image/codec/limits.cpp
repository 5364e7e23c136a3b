#include "matcher/image/codec/limits.hpp"

#include <fmt/format.h>

#include "matcher/image/image.hpp"

namespace matcher::image {

void check_size(std::int64_t width, std::int64_t height) {
  constexpr std::int64_t most = std::int64_t(1) << 28;
  if (width < 1 || height < 1 || width > most / height)
    throw DecodeError(fmt::format("impossible size: {} x {} pixels", width, height));
}

}  // namespace matcher::image
