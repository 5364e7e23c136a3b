// CLIP's tokenizer: a text to the numbers that its text network takes.
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

namespace matcher::model {

struct Vocabulary;
class BytePairs;
struct BytePairMerge;

/// Gives the ids that transformers' CLIPTokenizer gives (5.24, with `tokenizers` 0.23): normal form C, lower case,
/// CLIP's words, byte pairs. Copies share the vocabulary, and any number of threads may use one at once.
class Tokenizer {
 public:
  /// Reads what lies in a Hugging Face checkpoint: tokenizer.json, else vocab.json and merges.txt, else the public CLIP
  /// vocabulary under its own name (transformers prefers in this order too). Nothing when there is none of them. Throws
  /// Error(input) naming the file and what is wrong in it.
  static std::optional<Tokenizer> of_checkpoint(const std::filesystem::path& folder);

  /// The public CLIP vocabulary, bpe_simple_vocab_16e6.txt, as text or as gzip; ids as in OpenAI's simple_tokenizer.py.
  /// Throws Error(input).
  static Tokenizer of_vocabulary(const std::filesystem::path& file);

  /// What serialise() wrote. Throws Error(input) that begins with `origin`.
  static Tokenizer parse(const std::string& text, const std::string& origin);

  /// One line of JSON. The same vocabulary has the same text, whichever files it came from.
  std::string serialise() const;

  std::size_t size() const;  ///< ids are below it

  /// The start, the text's tokens and the end, at most `context_length` (2 or more) of them: of a longer text the
  /// first, and the end. Not padded. A special token written in the text is that token. Takes n log n for n bytes, in
  /// one word too. Throws Error(input) for a text that is not UTF-8.
  std::vector<std::int64_t> encode(std::string_view text, std::size_t context_length) const;

  std::int64_t start() const { return start_; }
  std::int64_t end() const { return end_; }
  /// To fill a batch; a causal network has read the text when it comes there.
  std::int64_t pad() const { return end_; }

 private:
  class Ids;

  explicit Tokenizer(Vocabulary vocabulary);
  void check_made(std::span<const BytePairMerge> merges) const;
  void append_plain(std::string_view text, std::size_t limit, std::vector<std::int64_t>& ids) const;
  std::vector<std::int32_t> symbols_of(std::string_view word) const;

  std::shared_ptr<const Vocabulary> vocabulary_;
  std::shared_ptr<const BytePairs> pairs_;
  std::int32_t start_ = 0, end_ = 0;
  std::array<std::int32_t, 256> bytes_{}, last_bytes_{};  ///< ids of one byte within a word, and at its end
};

}  // namespace matcher::model
