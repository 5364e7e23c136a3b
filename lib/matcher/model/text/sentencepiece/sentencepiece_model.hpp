// Makes a SentencePiece model of a tokenizer.json with a unigram model, as open_clip's SigLIP has it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace matcher::model {

/// True if the object of a tokenizer.json has a unigram model.
bool is_unigram(const nlohmann::json& file);

/// Returns the bytes of a model with the same pieces, scores and normaliser. Throws Error(input).
std::string sentencepiece_model(const nlohmann::json& file, const std::string& origin);

}  // namespace matcher::model
