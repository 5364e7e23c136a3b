#include "matcher/database/http/json_text.hpp"

#include <bit>
#include <charconv>
#include <nlohmann/json.hpp>

#include "matcher/core/base64.hpp"

namespace matcher::database {

static_assert(std::endian::native == std::endian::little, "the bytes of floats are sent as they are");

void append_base64(std::string& out, std::span<const float> values) {
  out += '"';
  matcher::append_base64(out, std::as_bytes(values));
  out += '"';
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

std::string dump(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace matcher::database
