#include "matcher/config/yaml/adaptation.hpp"

#include <fmt/format.h>

#include <charconv>

#include "matcher/config/yaml/emit.hpp"
#include "matcher/model/bundle.hpp"

namespace matcher::config {
namespace {

/// Numbers with all their digits, so that a fingerprint of weights stays the same.
void read_number(YamlMap& yaml, const char* key, double& target) {
  yaml.read_as(key, target, [&](const std::string& text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size()) return value;
    throw Error(ErrorCode::usage, fmt::format("\"{}\" must be a number, not \"{}\"", key, text));
  });
}

model::BaseModel read_base(YamlMap yaml) {
  model::BaseModel base;
  yaml.read("model", base.name);
  read_number(yaml, "weight", base.weight);
  yaml.finish();
  return base;
}

void read_map(YamlMap yaml, model::Adaptation& adaptation) {
  yaml.read("method", adaptation.method);
  read_number(yaml, "shrinkage", adaptation.shrinkage);
  read_number(yaml, "power", adaptation.power);
  yaml.finish();
}

void read_gallery(YamlMap yaml, model::Adaptation& adaptation) {
  yaml.read("dataset", adaptation.dataset);
  yaml.read("data", adaptation.data);
  yaml.read("photos", adaptation.photos, 0);
  yaml.read("products", adaptation.products, 0);
  yaml.finish();
}

void write_number(YAML::Emitter& out, const char* key, double value) {
  if (value != 0) write_text(out, key, fmt::format("{}", value));
}

}  // namespace

void read_adaptation(YamlMap& yaml, model::Adaptation& adaptation) {
  for (const auto& base : yaml.maps("base")) adaptation.bases.push_back(read_base(base));
  yaml.read("base_fingerprint", adaptation.base_fingerprint);
  if (const auto map = yaml.map("map")) read_map(*map, adaptation);
  if (const auto gallery = yaml.map("learnt_on")) read_gallery(*gallery, adaptation);
  if (adaptation.is_set() == adaptation.bases.empty())
    yaml.fail("an adapted model needs both \"base\" and \"map: {method: …}\". Make it with: matcher adapt");
}

void write_adaptation(YAML::Emitter& out, const model::Adaptation& adaptation) {
  if (!adaptation.is_set()) return;
  out << YAML::Key << "base" << YAML::Value << YAML::BeginSeq;
  for (const auto& base : adaptation.bases) {
    out << YAML::Flow << YAML::BeginMap;
    write_text(out, "model", base.name);
    write_number(out, "weight", base.weight);
    out << YAML::EndMap;
  }
  out << YAML::EndSeq;
  write_text(out, "base_fingerprint", adaptation.base_fingerprint);
  out << YAML::Key << "map" << YAML::Value << YAML::Flow << YAML::BeginMap;
  write_text(out, "method", adaptation.method);
  write_number(out, "shrinkage", adaptation.shrinkage);
  write_number(out, "power", adaptation.power);
  out << YAML::EndMap << YAML::Key << "learnt_on" << YAML::Value << YAML::BeginMap;
  write_text(out, "dataset", adaptation.dataset);
  write_text(out, "data", adaptation.data);
  write_text(out, "photos", std::to_string(adaptation.photos));
  write_text(out, "products", std::to_string(adaptation.products));
  out << YAML::EndMap;
}

}  // namespace matcher::config
