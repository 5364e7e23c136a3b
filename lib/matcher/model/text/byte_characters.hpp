// The printable characters that stand for bytes in the tokens of a byte-pair vocabulary. Reference: bytes_to_unicode()
// of OpenAI's CLIP, clip/simple_tokenizer.py.
#pragma once

#include <array>
#include <string>
#include <vector>

namespace matcher::model {

/// The character of each byte, as UTF-8. Printable bytes are themselves; the others are U+0100 and following.
const std::array<std::string, 256>& byte_characters();

/// All bytes in the order of their ids in CLIP's vocabulary: printable ones first.
std::vector<int> bytes_by_id();

}  // namespace matcher::model
