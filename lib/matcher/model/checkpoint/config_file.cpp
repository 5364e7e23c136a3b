#include "matcher/model/checkpoint/config_file.hpp"

#include <fmt/format.h>

#include <cmath>

#include "matcher/core/error.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/model/checkpoint/safetensors.hpp"

namespace matcher::model {
namespace {

using json = nlohmann::json;

}  // namespace

bool Settings::has(const std::string& key) const { return object_.contains(key) && !object_.at(key).is_null(); }

void Settings::fail(const std::string& key, const std::string& reason) const {
  throw Error(ErrorCode::input,
              fmt::format("{}: \"{}\" {}; correct it, or fetch the checkpoint again", origin_, key, reason));
}

void Settings::refuse(const std::string& key, const std::string& reason, const std::string& next) const {
  throw Error(ErrorCode::input, fmt::format("{}: \"{}\" {}; {}", origin_, key, reason, next));
}

std::int64_t Settings::whole(const std::string& key, std::int64_t fallback, std::int64_t low, std::int64_t high) const {
  if (!has(key)) {
    if (fallback < low) fail(key, "is missing");
    return fallback;
  }
  const auto& value = at(key);
  const bool is_whole =
      value.is_number_integer() || (value.is_number_float() && value.get<double>() == std::floor(value.get<double>()));
  if (!is_whole) fail(key, "must be a whole number");
  const auto number = value.get<double>();
  if (number < double(low) || number > double(high))
    fail(key, fmt::format("is {}; it must be {} to {}", value.dump(), low, high));
  return std::int64_t(number);
}

double Settings::number(const std::string& key, double fallback, double low, double high) const {
  if (!has(key)) return fallback;
  if (!at(key).is_number()) fail(key, "must be a number");
  const auto number = at(key).get<double>();
  if (number < low || number > high) fail(key, fmt::format("is {}; it must be {} to {}", at(key).dump(), low, high));
  return number;
}

bool Settings::flag(const std::string& key, bool fallback) const {
  if (!has(key)) return fallback;
  if (!at(key).is_boolean()) fail(key, "must be true or false");
  return at(key).get<bool>();
}

std::string Settings::text(const std::string& key, const std::string& fallback) const {
  if (!has(key)) return fallback;
  if (!at(key).is_string()) fail(key, "must be a text");
  return at(key).get<std::string>();
}

Settings Settings::child(const std::string& key) const {
  if (!has(key)) return {json::object(), origin_};
  if (!at(key).is_object()) fail(key, "must be an object");
  return {at(key), origin_};
}

std::int64_t Settings::side(const std::string& key, std::int64_t fallback) const {
  if (!has(key) || !at(key).is_array()) return whole(key, fallback, 1, 1 << 14);
  const auto& sides = at(key);
  if (sides.size() != 2 || sides[0] != sides[1])
    refuse(key, fmt::format("is {}, but matcher builds networks for squares only", printable(sides.dump())),
           build_in_python);
  return Settings({{key, sides[0]}}, origin_).whole(key, 0, 1, 1 << 14);
}

Settings read_settings(const fs::path& file) {
  if (!path_exists(file)) {
    throw Error(ErrorCode::input,
                fmt::format("{} is missing; fetch the whole checkpoint: config.json, preprocessor_config.json and "
                            "model.safetensors",
                            file.string()));
  }
  const auto text = read_text(file);
  const auto fail = [&](const char* reason) {
    throw Error(ErrorCode::input, fmt::format("{} is {}; fetch it again", file.string(), reason));
  };
  if (is_nested_too_deeply(text)) fail("nested too deeply");
  auto object = json::parse(text, nullptr, false);
  if (!object.is_object()) fail("not a JSON object");
  return {std::move(object), file.string()};
}

}  // namespace matcher::model
