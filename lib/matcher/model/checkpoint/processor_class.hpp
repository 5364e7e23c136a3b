// The defaults of the image processors of transformers 5, by class.
#pragma once

#include <string>

#include "matcher/model/checkpoint/config_file.hpp"

namespace matcher::model {

/// Returns the name of the class in the settings of a processor, without "Fast" or "Pil". Feature extractors of old
/// checkpoints are image processors now. `fallback`: the class of settings without one.
std::string read_processor_class(const Settings& settings, const std::string& fallback);

/// Returns the settings with the defaults of `processor_class` for keys that are missing. A class that matcher does not
/// know has none. In transformers null is a value: a step that is off, or no value.
Settings add_processor_defaults(const Settings& settings, const std::string& processor_class);

}  // namespace matcher::model
