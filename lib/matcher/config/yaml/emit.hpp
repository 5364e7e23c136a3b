// Writes texts as YAML.
#pragma once

#include <yaml-cpp/yaml.h>

#include <string>

namespace matcher::config {

/// Escapes "${", so that it is not read as a variable.
std::string escaped(const std::string& text);

/// Writes the key, unless the value is empty.
void write_text(YAML::Emitter& out, const char* key, const std::string& value);

}  // namespace matcher::config
