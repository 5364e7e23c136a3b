#include "matcher/dataset/formats/json_text.hpp"

#include <fmt/format.h>

#include "matcher/core/error.hpp"

namespace matcher::dataset {

Json parse_json(simdjson::dom::parser& parser, std::string_view text, const std::string& where) {
  Json value;
  const auto error = parser.parse(text.data(), text.size()).get(value);
  if (error == simdjson::SUCCESS) return value;
  throw Error(ErrorCode::input, fmt::format("{}: not valid JSON ({}). Write or fetch the file again", where,
                                            simdjson::error_message(error)));
}

std::string json_text(simdjson::simdjson_result<Json> value) {
  Json found;
  if (value.get(found) != simdjson::SUCCESS) return {};
  switch (found.type()) {
    case simdjson::dom::element_type::STRING:
      return std::string(found.get_string().value());
    case simdjson::dom::element_type::INT64:
      return fmt::format("{}", found.get_int64().value());
    case simdjson::dom::element_type::UINT64:
      return fmt::format("{}", found.get_uint64().value());
    case simdjson::dom::element_type::DOUBLE:
      return fmt::format("{}", found.get_double().value());
    case simdjson::dom::element_type::BOOL:
      return found.get_bool().value() ? "true" : "false";
    default:
      return {};
  }
}

std::vector<std::string> json_keys(const Json& value) {
  std::vector<std::string> keys;
  simdjson::dom::object object;
  if (value.get(object) != simdjson::SUCCESS) return keys;
  for (const auto field : object) keys.emplace_back(field.key);
  return keys;
}

bool has_value(simdjson::simdjson_result<Json> value) {
  Json found;
  return value.get(found) == simdjson::SUCCESS && !found.is_null();
}

}  // namespace matcher::dataset
