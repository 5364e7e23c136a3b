// Reads the public CLIP vocabulary, bpe_simple_vocab_16e6.txt. Reference: OpenAI's CLIP, clip/simple_tokenizer.py.
#pragma once

#include <filesystem>

#include "matcher/model/text/vocabulary.hpp"

namespace matcher::model {

/// Reads the file as text or as gzip. Ids are those of simple_tokenizer.py. Throws Error(input).
Vocabulary read_public_vocabulary(const std::filesystem::path& file);

}  // namespace matcher::model
