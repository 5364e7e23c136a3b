// Reads values of JSON that other programs wrote. Errors name the file.
#pragma once

#include <simdjson.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace matcher::dataset {

using Json = simdjson::dom::element;

/// Parses a text; the parser owns the result. Throws Error(input) with `where`.
Json parse_json(simdjson::dom::parser& parser, std::string_view text, const std::string& where);

/// A text, a whole number, another number or a truth value, as a text; "" for null and for a missing key.
std::string json_text(simdjson::simdjson_result<Json> value);

/// The keys of an object, in its order; none of another value.
std::vector<std::string> json_keys(const Json& value);

/// True for a value that is there and not null.
bool has_value(simdjson::simdjson_result<Json> value);

}  // namespace matcher::dataset
