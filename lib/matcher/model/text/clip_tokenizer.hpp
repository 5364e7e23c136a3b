// CLIP's tokenizer. Gives the ids of transformers' CLIPTokenizer (5.24, with `tokenizers` 0.23): normal form C, lower
// case, CLIP's words, byte pairs.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "matcher/model/text/tokenizer.hpp"

namespace matcher::model {

struct Vocabulary;
class BytePairs;
struct BytePairMerge;

/// Copies share the vocabulary, and any number of threads may use one at once.
class ClipTokenizer final : public Tokenizer {
 public:
  /// Reads tokenizer.json of a Hugging Face checkpoint, or vocab.json and merges.txt, or the public CLIP vocabulary
  /// under its own name. transformers prefers in this order too. nullopt if there is none of them. Throws Error(input)
  /// with the file and its fault.
  static std::optional<ClipTokenizer> of_checkpoint(const std::filesystem::path& folder);

  /// Reads the public CLIP vocabulary, bpe_simple_vocab_16e6.txt, as text or as gzip. Throws Error(input).
  static ClipTokenizer of_vocabulary(const std::filesystem::path& file);

  explicit ClipTokenizer(Vocabulary vocabulary);

  std::string serialise() const override;
  std::size_t size() const override;
  /// Returns the start, the text's tokens and the end. A longer text keeps its first tokens, and the end. A special
  /// token written in the text is that token. Takes n log n for n bytes, even in one word. `context_length`: 2 or more.
  std::vector<std::int64_t> encode(std::string_view text, std::size_t context_length) const override;

  std::int64_t start() const { return start_; }
  std::int64_t end() const override { return end_; }
  /// The end again: a causal network has read the text by then.
  std::int64_t pad() const override { return end_; }

 private:
  class Ids;

  void check_merges(std::span<const BytePairMerge> merges) const;
  void append_plain(std::string_view text, std::size_t limit, std::vector<std::int64_t>& ids) const;
  std::vector<std::int32_t> symbols_of(std::string_view word) const;

  std::shared_ptr<const Vocabulary> vocabulary_;
  std::shared_ptr<const BytePairs> pairs_;
  std::int32_t start_ = 0, end_ = 0;
  std::array<std::int32_t, 256> bytes_{}, last_bytes_{};  ///< the id of each byte within a word, and at its end
};

}  // namespace matcher::model
