// SentencePiece's tokenizer with a unigram model, as SigLIP has it. Gives the ids of transformers' SiglipTokenizer.
#pragma once

#include <memory>
#include <string>

#include "matcher/model/text/added_tokens.hpp"
#include "matcher/model/text/sentencepiece/pieces.hpp"
#include "matcher/model/text/tokenizer.hpp"

namespace matcher::model {

class SentencePieceTokenizer final : public Tokenizer {
 public:
  /// `model`: the bytes of spiece.model. Throws Error(input) for bytes that are no model; the message begins with
  /// `origin`.
  SentencePieceTokenizer(std::string model, const std::string& origin);

  /// Returns the text's tokens and the end. A longer text keeps its first tokens, and the end.
  std::vector<std::int64_t> encode(std::string_view text, std::size_t context_length) const override;
  std::size_t size() const override;
  std::int64_t end() const override;
  std::int64_t pad() const override { return end(); }
  std::string serialise() const override;

 private:
  void append(const std::string& text, std::vector<std::int64_t>& ids) const;

  std::string model_;
  std::unique_ptr<const Pieces> pieces_;
  AddedTokens added_;
  std::string unknown_;              ///< the token for unknown characters
  std::ptrdiff_t unknown_size_ = 0;  ///< pieces of its text
};

}  // namespace matcher::model
