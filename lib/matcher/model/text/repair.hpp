// Repairs what often goes wrong with texts from web pages, as open_clip does before its tokenizers: HTML entities,
// curly quotes, ligatures, full-width letters, control characters. Reference: a part of ftfy's fix_text() and
// html.unescape() of Python. It does not repair mixed encodings, and reads only numeric entities and those of XML.
#pragma once

#include <cstdint>
#include <vector>

namespace matcher::model {

std::vector<std::int32_t> repair(std::vector<std::int32_t> points);

}  // namespace matcher::model
