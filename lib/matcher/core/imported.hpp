// Recognises vectors that another program made.
#pragma once

#include "matcher/core/identity.hpp"

namespace matcher {

/// Their precision, in files and messages: nothing proves which model made them.
inline constexpr const char* imported = "imported";

inline bool is_imported(const ModelIdentity& model) { return model.precision == imported; }

}  // namespace matcher
