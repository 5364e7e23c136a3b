// Gemma's tokenizer, which SigLIP 2 has: byte pairs over the whole text, with bytes for characters that have no token.
// Gives the ids of transformers' GemmaTokenizer (5.24, with `tokenizers` 0.23).
#pragma once

#include <memory>
#include <unordered_map>

#include "matcher/model/text/added_tokens.hpp"
#include "matcher/model/text/byte_pairs.hpp"
#include "matcher/model/text/tokenizer.hpp"
#include "matcher/model/text/vocabulary.hpp"

namespace matcher::model {

/// A vocabulary of Gemma's kind.
struct GemmaVocabulary {
  Vocabulary pairs;
  std::vector<TokenId> added;  ///< tokens that are found in a text before it is cut
};

class GemmaTokenizer final : public Tokenizer {
 public:
  /// Throws Error(input) for a vocabulary without the tokens that every text needs.
  explicit GemmaTokenizer(GemmaVocabulary vocabulary);

  /// Returns the text's tokens and the end. A longer text keeps its first tokens, and the end.
  std::vector<std::int64_t> encode(std::string_view text, std::size_t context_length) const override;
  std::size_t size() const override { return vocabulary_.pairs.tokens.size(); }
  std::int64_t end() const override { return end_; }
  std::int64_t pad() const override { return pad_; }
  std::string serialise() const override;

 private:
  TokenId find(std::string_view token) const;
  TokenId special(std::string_view token) const;
  void append_plain(std::string_view text, std::vector<std::int64_t>& ids) const;
  void append_character(std::string_view character, std::vector<TokenId>& symbols) const;
  bool append_bytes(std::string_view character, std::vector<TokenId>& symbols) const;
  std::vector<BytePairMerge> merges() const;

  GemmaVocabulary vocabulary_;
  std::unordered_map<std::string_view, TokenId> ids_;
  std::unique_ptr<const BytePairs> pairs_;
  AddedTokens added_;
  TokenId end_ = 0, pad_ = 0, unknown_ = 0;
};

}  // namespace matcher::model
