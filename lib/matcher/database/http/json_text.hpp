// Bodies of requests and answers, where a JSON library would be slow: vectors. Internal to the layer.
#pragma once

#include <span>
#include <string>

namespace matcher::database {

/// Appends the little-endian float32 bytes of `values` as base64 in quotes.
void append_base64(std::string& out, std::span<const float> values);

/// Appends [1,0.5,…] with as few digits as read back to the same float32.
void append_floats(std::string& out, std::span<const float> values);

/// Appends `text` as a JSON string; bytes that are no UTF-8 become U+FFFD.
void append_text(std::string& out, const std::string& text);

}  // namespace matcher::database
