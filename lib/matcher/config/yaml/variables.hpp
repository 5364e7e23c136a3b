// Replaces variables of the environment in values of YAML files.
#pragma once

#include <string>

namespace matcher::config {

/// Replaces ${VARIABLE} and ${VARIABLE:-default}; $${ stands for ${. `where` begins the message. Throws Error(usage)
/// for a variable that is not set and has no default.
std::string expand_variables(const std::string& text, const std::string& where);

/// Expands as expand_variables(), but messages do not show the text.
std::string expand_secret_variables(const std::string& text, const std::string& where);

}  // namespace matcher::config
