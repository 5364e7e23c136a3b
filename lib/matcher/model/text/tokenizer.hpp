// Turns texts into the token ids that text networks take. Each kind of tokenizer is one file and one line in
// MATCHER_TOKENIZERS.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace matcher::model {

class Tokenizer {
 public:
  virtual ~Tokenizer() = default;
  /// Returns the tokens of a text, at most `context_length` of them, not padded. Throws Error(input) for a text that is
  /// not UTF-8. Thread-safe.
  virtual std::vector<std::int64_t> encode(std::string_view text, std::size_t context_length) const = 0;
  virtual std::size_t size() const = 0;  ///< ids are below this
  virtual std::int64_t end() const = 0;  ///< the token that ends a text
  virtual std::int64_t pad() const = 0;  ///< the token that fills a text up to the network's length
  /// The vocabulary as one line of JSON with the schema of the kind. The same vocabulary always gives the same text.
  virtual std::string serialise() const = 0;
};

using AnyTokenizer = std::unique_ptr<const Tokenizer>;

struct TokenizerKind {
  const char* name;    ///< "clip"
  const char* schema;  ///< value of "schema" in what serialise() writes
  const char* files;   ///< the files of a vocabulary, for messages
  /// Reads the vocabulary in the folder of a checkpoint; null if there is none. Throws Error(input) for a damaged one.
  AnyTokenizer (*find)(const std::filesystem::path& folder);
  /// Reads a vocabulary file that the user named. Throws Error(input).
  AnyTokenizer (*read)(const std::filesystem::path& file);
  /// Reads what serialise() wrote. Throws Error(input); the message begins with `origin`.
  AnyTokenizer (*parse)(const nlohmann::json& object, const std::string& origin);
};

#define MATCHER_TOKENIZERS(add) add(clip) add(sentencepiece) add(gemma) add(styled)

/// The kinds that a family takes.
using TokenizerKinds = std::span<const TokenizerKind* const>;

/// Returns the vocabulary of the first kind that finds one in the folder; null if none does.
AnyTokenizer find_tokenizer(TokenizerKinds kinds, const std::filesystem::path& folder);

/// Reads a vocabulary file that the user named: of the kind whose files end as it does, or of the first. Throws
/// Error(input).
AnyTokenizer read_tokenizer(TokenizerKinds kinds, const std::filesystem::path& file);

/// "spiece.model or tokenizer.json".
std::string list_files(TokenizerKinds kinds);

/// All kinds, in the order of MATCHER_TOKENIZERS.
std::span<const TokenizerKind* const> tokenizer_kinds();

/// Reads what a tokenizer of any kind wrote; its schema names the kind. Throws Error(input); the message begins with
/// `origin`.
AnyTokenizer parse_tokenizer(const std::string& text, const std::string& origin);
AnyTokenizer parse_tokenizer_object(const nlohmann::json& object, const std::string& origin);

#define MATCHER_DECLARE(kind) extern const TokenizerKind kind##_tokenizer;
MATCHER_TOKENIZERS(MATCHER_DECLARE)
#undef MATCHER_DECLARE

}  // namespace matcher::model
