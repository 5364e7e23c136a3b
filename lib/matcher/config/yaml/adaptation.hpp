// Reads and writes the part of a description that an adapted model has.
#pragma once

#include "matcher/config/yaml/reader.hpp"
#include "matcher/model/adaptation.hpp"

namespace matcher::config {

/// Reads the keys `base`, `base_fingerprint`, `map` and `learnt_on`. Leaves `adaptation` unchanged if there is no map.
void read_adaptation(YamlMap& yaml, model::Adaptation& adaptation);

/// Writes the keys that read_adaptation() reads; none for a model that is not adapted.
void write_adaptation(YAML::Emitter& out, const model::Adaptation& adaptation);

}  // namespace matcher::config
