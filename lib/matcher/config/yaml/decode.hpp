// Parses the key `decode`, which descriptions and settings have.
#pragma once

#include <fmt/format.h>

#include <string>

#include "matcher/core/error.hpp"
#include "matcher/image/preprocess.hpp"

namespace matcher::config {

/// Throws Error(usage) for an unknown value.
inline image::Decode parse_decode(const std::string& text) {
  if (const auto decode = image::find_decode(text)) return *decode;
  throw Error(ErrorCode::usage, fmt::format("unknown value \"{}\" of decode. Use exact or fast", text));
}

}  // namespace matcher::config
