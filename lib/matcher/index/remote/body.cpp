#include "matcher/index/remote/body.hpp"

#include <bit>
#include <charconv>
#include <cstddef>
#include <nlohmann/json.hpp>

namespace matcher::index::remote {

static_assert(std::endian::native == std::endian::little, "the bytes of floats are sent as they are");

void append_base64(std::string& out, std::span<const float> values) {
  constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const auto bytes = std::as_bytes(values);
  const auto at = [&](std::size_t i) { return i < bytes.size() ? std::to_integer<std::uint32_t>(bytes[i]) : 0u; };
  const auto start = out.size();
  out.resize(start + 2 + (bytes.size() + 2) / 3 * 4, '"');
  char* next = out.data() + start + 1;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto three = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
    *next++ = digits[three >> 18];
    *next++ = digits[three >> 12 & 63];
    *next++ = i + 1 < bytes.size() ? digits[three >> 6 & 63] : '=';
    *next++ = i + 2 < bytes.size() ? digits[three & 63] : '=';
  }
}

void append_floats(std::string& out, std::span<const float> values) {
  char text[32];
  char separator = '[';
  for (const float value : values) {
    out += separator;
    out.append(text, std::to_chars(text, text + sizeof text, value).ptr);
    separator = ',';
  }
  out += values.empty() ? "[]" : "]";
}

void append_text(std::string& out, const std::string& text) {
  out += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace matcher::index::remote
