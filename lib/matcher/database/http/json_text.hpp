// Writes JSON text: vectors, for which a JSON library would be slow, and text that may not be UTF-8.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

namespace matcher::database {

/// Appends the little-endian float32 bytes of `values` as base64 in quotes.
void append_base64(std::string& out, std::span<const float> values);

/// Appends [1,0.5,…] with the fewest digits that read back as the same float32.
void append_floats(std::string& out, std::span<const float> values);

/// Returns JSON text. Bytes that are not UTF-8 become U+FFFD.
std::string dump(const nlohmann::json& value);

}  // namespace matcher::database
