// Reads and writes byte-pair vocabularies: tokens and merges.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
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
  std::vector<std::string> tokens;  ///< by id; their bytes as characters (byte_characters); "": the id is not used
  std::vector<std::pair<std::string, std::string>> merges;  ///< the most urgent first
  std::string origin;                                       ///< for messages
};

/// Reads tokenizer.json, or the pair vocab.json and merges.txt, of a checkpoint's folder, in this order; nullopt if
/// there is neither. Throws Error(input) for a damaged file, and if one of the pair is missing.
std::optional<Vocabulary> find_vocabulary(const std::filesystem::path& folder);

/// Reads lines of two tokens. Throws Error(input) with the number of the wrong line; the first line has the number
/// `first_number`.
std::vector<std::pair<std::string, std::string>> read_merges(std::string_view lines, std::size_t first_number,
                                                             const std::string& origin);

/// JSON with the tokens, and the merges by their tokens' ids. The same vocabulary always gives the same text.
std::string serialise(const Vocabulary& vocabulary);

/// Reads what serialise() wrote. Throws Error(input).
Vocabulary parse_vocabulary(const nlohmann::json& file, const std::string& origin);

/// Reads tokens and merges of a byte-pair model from the object of a tokenizer.json. Throws Error(input).
Vocabulary read_tokenizer_json(const nlohmann::json& file, const std::string& origin);

/// Adds a token. Throws Error(input) for an id that is not a number, is too large, or belongs to another token.
void place_token(Vocabulary& vocabulary, const std::string& token, const nlohmann::json& id);

/// Returns a member of the given type. Throws Error(input).
const nlohmann::json& vocabulary_member(const nlohmann::json& object, const char* key, nlohmann::json::value_t type,
                                        const std::string& origin);

/// Throws Error(input) for a text that is not a JSON object.
nlohmann::json parse_object(const std::string& text, const std::string& origin);

/// Quotes text from a file for a message: short and printable.
std::string quote(std::string_view text);

/// Throws Error(input).
[[noreturn]] void fail_vocabulary(const std::string& origin, const std::string& reason);

}  // namespace matcher::model
