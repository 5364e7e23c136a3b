// Adds a checksum to a JSON text, and checks it: a flipped byte in a manifest is noticed.
#pragma once

#include <string>
#include <string_view>

namespace matcher {

/// Adds the last key "sum", the content hash of all text before it. `text` is an indented object and its line end.
std::string with_sum(std::string text);

/// True if the text has a sum that is not that of its content. A text of an older version, without a sum, passes.
bool has_wrong_sum(std::string_view text);

}  // namespace matcher
