#include "matcher/config/yaml/emit.hpp"

namespace matcher::config {

std::string escaped(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, 2, "${") == 0) out.push_back('$');
    out.push_back(text[i]);
  }
  return out;
}

void write_text(YAML::Emitter& out, const char* key, const std::string& value) {
  if (!value.empty()) out << YAML::Key << key << YAML::Value << escaped(value);
}

}  // namespace matcher::config
