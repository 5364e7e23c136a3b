// Merges byte pairs. Reference: Sennrich, Haddow and Birch, "Neural Machine Translation of Rare Words with Subword
// Units".
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace matcher::model {

using TokenId = std::int32_t;

struct BytePairMerge {
  TokenId left, right, result;
};

class BytePairs {
 public:
  /// `merges`: the most urgent first. A duplicate has its later place, as in the `tokenizers` library.
  explicit BytePairs(std::span<const BytePairMerge> merges);

  /// Merges the most urgent pair of neighbours, the leftmost if several are equal, until no merge is left. Takes n log
  /// n for a word of n tokens.
  void apply(std::vector<TokenId>& word) const;

 private:
  struct Rule {
    std::size_t rank;
    TokenId result;
  };
  struct Hash {
    std::size_t operator()(std::uint64_t pair) const noexcept { return pair * 0x9e3779b97f4a7c15 >> 16; }
  };
  class Word;

  static std::uint64_t key(TokenId left, TokenId right) {
    return std::uint64_t(std::uint32_t(left)) << 32 | std::uint32_t(right);
  }
  const Rule* find(TokenId left, TokenId right) const;

  std::unordered_map<std::uint64_t, Rule, Hash> rules_;
};

}  // namespace matcher::model
