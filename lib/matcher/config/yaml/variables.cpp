#include "matcher/config/yaml/variables.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "matcher/core/error.hpp"

namespace matcher::config {
namespace {

/// Returns the value of `NAME` or `NAME:-default`. As in a shell, the default also replaces an empty variable.
std::string value_of(const std::string& expression, const std::string& where) {
  const auto colon = expression.find(":-");
  const auto name = expression.substr(0, colon);
  const char* value = std::getenv(name.c_str());
  if (colon != std::string::npos) return value && *value ? value : expression.substr(colon + 2);
  if (value) return value;
  throw Error(
      ErrorCode::usage,
      fmt::format("{}: the variable {} is not set. Set it, or give a default with ${{{}:-value}}", where, name, name));
}

std::string expand(const std::string& text, const std::string& where, const std::string& shown) {
  std::string out;
  std::size_t at = 0;
  for (auto open = text.find("${"); open != std::string::npos; open = text.find("${", at)) {
    out += text.substr(at, open - at);
    if (open > at && text[open - 1] == '$') {
      out += '{';
      at = open + 2;
      continue;
    }
    const auto close = text.find('}', open);
    if (close == std::string::npos) {
      throw Error(ErrorCode::usage, fmt::format("{}: \"${{\" without \"}}\"{}", where, shown));
    }
    out += value_of(text.substr(open + 2, close - open - 2), where);
    at = close + 1;
  }
  return out + text.substr(at);
}

}  // namespace

std::string expand_variables(const std::string& text, const std::string& where) {
  return expand(text, where, fmt::format(" in \"{}\"", text));
}

std::string expand_secret_variables(const std::string& text, const std::string& where) {
  return expand(text, where, "");
}

}  // namespace matcher::config
