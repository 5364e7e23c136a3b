// The reason that decoding fails with.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "matcher/image/image.hpp"

namespace matcher::test {

/// Returns "" if the image decodes.
inline std::string reason(const std::vector<std::byte>& bytes) {
  try {
    image::decode(bytes, true);
  } catch (const image::DecodeError& error) {
    return error.what();
  }
  return {};
}

}  // namespace matcher::test
