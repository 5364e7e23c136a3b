#include "matcher/model/text/gemma_tokenizer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/core/schemas.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/model/text/clip_words.hpp"

namespace matcher::model {
namespace {

using json = nlohmann::json;

constexpr std::string_view end_of_text = "<eos>", padding = "<pad>", unknown = "<unk>", space = "\u2581";
constexpr TokenId none = -1;

bool is_gemma(const json& file) {
  const auto model = file.value("model", json::object());
  return model.is_object() && model.value("type", json("BPE")) == "BPE" &&
         model.value("byte_fallback", json(false)) == true && model.value("end_of_word_suffix", json()).is_null();
}

/// Adds the tokens of "added_tokens", which need not be in the model's own list.
void read_added(const json& file, GemmaVocabulary& vocabulary) {
  const auto& origin = vocabulary.pairs.origin;
  for (const auto& token : vocabulary_member(file, "added_tokens", json::value_t::array, origin)) {
    if (!token.is_object()) fail_vocabulary(origin, "is damaged: an added token is not an object");
    const auto& content = vocabulary_member(token, "content", json::value_t::string, origin);
    for (const auto* option : {"lstrip", "rstrip", "single_word"}) {
      if (token.value(option, json(false)) == true)
        fail_vocabulary(origin, fmt::format("has the added token {} with \"{}\", which matcher does not know",
                                            quote(content.get<std::string>()), option));
    }
    place_token(vocabulary.pairs, content, token.value("id", json()));
    vocabulary.added.push_back(token.at("id").get<TokenId>());
  }
}

GemmaVocabulary read_json(const json& file, const std::string& origin) {
  if (!is_gemma(file)) fail_vocabulary(origin, "is not a tokenizer of Gemma's kind: byte pairs with \"byte_fallback\"");
  GemmaVocabulary vocabulary{read_tokenizer_json(file, origin), {}};
  read_added(file, vocabulary);
  return vocabulary;
}

AnyTokenizer read_file(const fs::path& file) {
  return std::make_unique<GemmaTokenizer>(read_json(parse_object(read_text(file), file.string()), file.string()));
}

/// Replaces each space by the character that stands for it in tokens.
std::string with_visible_spaces(std::string_view text) {
  std::string result;
  for (const char c : text) c == ' ' ? result += space : result += c;
  return result;
}

std::size_t character_size(unsigned char first) { return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4; }

TokenId read_id(const json& id, const GemmaVocabulary& vocabulary) {
  const bool is_id = id.is_number_unsigned() && id.get<std::size_t>() < vocabulary.pairs.tokens.size();
  if (!is_id) fail_vocabulary(vocabulary.pairs.origin, fmt::format("is damaged: {} is not a token", quote(id.dump())));
  return id.get<TokenId>();
}

/// Reads the merges, whose two tokens' ids follow one another.
void parse_merges(const json& ids, GemmaVocabulary& vocabulary) {
  auto& [tokens, merges, origin] = vocabulary.pairs;
  if (ids.size() % 2 != 0) fail_vocabulary(origin, "is damaged: half a merge is missing");
  for (std::size_t i = 0; i < ids.size(); i += 2)
    merges.emplace_back(tokens[std::size_t(read_id(ids[i], vocabulary))],
                        tokens[std::size_t(read_id(ids[i + 1], vocabulary))]);
}

AnyTokenizer parse(const json& object, const std::string& origin) {
  GemmaVocabulary vocabulary{{{}, {}, origin}, {}};
  for (const auto& token : vocabulary_member(object, "tokens", json::value_t::array, origin)) {
    if (!token.is_string())
      fail_vocabulary(origin, fmt::format("is damaged: token {} is not a text", quote(token.dump())));
    vocabulary.pairs.tokens.push_back(token);
  }
  parse_merges(vocabulary_member(object, "merges", json::value_t::array, origin), vocabulary);
  for (const auto& id : vocabulary_member(object, "added", json::value_t::array, origin))
    vocabulary.added.push_back(read_id(id, vocabulary));
  return std::make_unique<GemmaTokenizer>(std::move(vocabulary));
}

}  // namespace

GemmaTokenizer::GemmaTokenizer(GemmaVocabulary vocabulary) : vocabulary_(std::move(vocabulary)) {
  const auto& tokens = vocabulary_.pairs.tokens;
  for (std::size_t id = 0; id < tokens.size(); ++id) {
    if (!tokens[id].empty()) ids_.emplace(tokens[id], TokenId(id));
  }
  end_ = special(end_of_text);
  pad_ = special(padding);
  unknown_ = special(unknown);
  pairs_ = std::make_unique<const BytePairs>(merges());
  for (const auto id : vocabulary_.added) added_.add(tokens[std::size_t(id)], id);
}

TokenId GemmaTokenizer::find(std::string_view token) const {
  const auto found = ids_.find(token);
  return found == ids_.end() ? none : found->second;
}

TokenId GemmaTokenizer::special(std::string_view token) const {
  const auto id = find(token);
  if (id == none) fail_vocabulary(vocabulary_.pairs.origin, fmt::format("is damaged: it has no token \"{}\"", token));
  return id;
}

std::vector<BytePairMerge> GemmaTokenizer::merges() const {
  std::vector<BytePairMerge> merges;
  for (const auto& [left, right] : vocabulary_.pairs.merges) {
    const BytePairMerge merge{find(left), find(right), find(left + right)};
    if (merge.left == none || merge.right == none || merge.result == none) {
      fail_vocabulary(vocabulary_.pairs.origin,
                      fmt::format("is damaged: the merge of {} and {} needs a token that the vocabulary does not have",
                                  quote(left), quote(right)));
    }
    merges.push_back(merge);
  }
  return merges;
}

std::vector<std::int64_t> GemmaTokenizer::encode(std::string_view text, std::size_t context_length) const {
  check_utf8(text);
  std::vector<std::int64_t> ids;
  added_.split(
      text, [&](std::string_view plain) { append_plain(plain, ids); }, [&](TokenId id) { ids.push_back(id); });
  ids.resize(std::min(ids.size(), context_length - 1));
  ids.push_back(end_);
  return ids;
}

void GemmaTokenizer::append_plain(std::string_view text, std::vector<std::int64_t>& ids) const {
  const auto visible = with_visible_spaces(text);
  std::vector<TokenId> symbols;
  for (std::size_t at = 0; at < visible.size(); at += character_size(static_cast<unsigned char>(visible[at])))
    append_character(std::string_view(visible).substr(at, character_size(static_cast<unsigned char>(visible[at]))),
                     symbols);
  pairs_->apply(symbols);
  ids.insert(ids.end(), symbols.begin(), symbols.end());
}

/// A run of unknown characters is one token.
void GemmaTokenizer::append_character(std::string_view character, std::vector<TokenId>& symbols) const {
  if (const auto id = find(character); id != none) {
    symbols.push_back(id);
  } else if (!append_bytes(character, symbols) && (symbols.empty() || symbols.back() != unknown_)) {
    symbols.push_back(unknown_);
  }
}

/// Returns false if a byte has no token.
bool GemmaTokenizer::append_bytes(std::string_view character, std::vector<TokenId>& symbols) const {
  std::vector<TokenId> bytes;
  for (const unsigned char byte : character) bytes.push_back(find(fmt::format("<0x{:02X}>", byte)));
  if (std::ranges::find(bytes, none) != bytes.end()) return false;
  symbols.insert(symbols.end(), bytes.begin(), bytes.end());
  return true;
}

std::string GemmaTokenizer::serialise() const {
  auto merges = json::array();
  for (const auto& [left, right] : vocabulary_.pairs.merges) {
    merges.push_back(find(left));
    merges.push_back(find(right));
  }
  return json{{"schema", schema::gemma_tokenizer},
              {"tokens", vocabulary_.pairs.tokens},
              {"merges", merges},
              {"added", vocabulary_.added}}
      .dump();
}

const TokenizerKind gemma_tokenizer{
    .name = "gemma",
    .schema = schema::gemma_tokenizer,
    .files = "tokenizer.json",
    .find = [](const fs::path& folder) -> AnyTokenizer {
      const auto file = folder / "tokenizer.json";
      return path_exists(file) && is_gemma(parse_object(read_text(file), file.string())) ? read_file(file) : nullptr;
    },
    .read = read_file,
    .parse = parse,
};

}  // namespace matcher::model
