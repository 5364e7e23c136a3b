// The tokens and merges of a byte-pair vocabulary as they lie in files. Private to this layer.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace matcher::model {

inline constexpr std::string_view end_of_word = "</w>";
inline constexpr std::string_view start_token = "<|startoftext|>";
inline constexpr std::string_view end_token = "<|endoftext|>";

struct Vocabulary {
  std::vector<std::string> tokens;  ///< by id, their bytes as characters (byte_characters); "" where an id is not used
  std::vector<std::pair<std::string, std::string>> merges;  ///< the most urgent first
  std::string origin;                                       ///< for messages
};

/// What stands for each byte in a token, as UTF-8: printable characters for themselves, and others from U+0100 on.
const std::array<std::string, 256>& byte_characters();

/// tokenizer.json, else vocab.json and merges.txt, else the public CLIP vocabulary; transformers prefers in this order
/// too. Nothing when there is none. Throws Error(input) for a damaged one, and where one of a pair is missing.
std::optional<Vocabulary> find_vocabulary(const std::filesystem::path& folder);

/// bpe_simple_vocab_16e6.txt, as text or as gzip. Throws Error(input).
Vocabulary read_public_vocabulary(const std::filesystem::path& file);

/// Lines of two tokens. Throws Error(input) naming the line that is none, by its number in the file.
std::vector<std::pair<std::string, std::string>> read_merges(std::string_view lines, std::size_t first_number,
                                                             const std::string& origin);

/// JSON texts with the tokens, and the merges by their tokens' ids. The same vocabulary has the same text.
std::string serialise(const Vocabulary& vocabulary);
Vocabulary parse_vocabulary(const std::string& text, const std::string& origin);

/// Another's text as it may stand in a message: quoted, short and printable.
std::string shown(std::string_view text);

/// Throws Error(input).
[[noreturn]] void fail_vocabulary(const std::string& origin, const std::string& reason);

}  // namespace matcher::model
