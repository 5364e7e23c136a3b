#include "matcher/model/text/clip_tokenizer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "matcher/core/error.hpp"
#include "matcher/core/schemas.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/model/text/byte_characters.hpp"
#include "matcher/model/text/byte_pairs.hpp"
#include "matcher/model/text/clip_words.hpp"
#include "matcher/model/text/public_vocabulary.hpp"

namespace matcher::model {

/// Token to id.
class ClipTokenizer::Ids {
 public:
  explicit Ids(const Vocabulary& vocabulary) : origin_(vocabulary.origin) {
    for (const auto& token : vocabulary.tokens) {
      const auto id = TokenId(&token - vocabulary.tokens.data());
      if (token.empty()) continue;
      const auto [known, added] = ids_.emplace(token, id);
      if (added) continue;
      fail_vocabulary(origin_,
                      fmt::format("is damaged: token {} has the ids {} and {}", quote(token), known->second, id));
    }
  }

  TokenId find(std::string_view token, TokenId fallback) const {
    const auto found = ids_.find(token);
    return found == ids_.end() ? fallback : found->second;
  }

  TokenId special(std::string_view token) const {
    const auto id = find(token, none);
    if (id == none) fail_vocabulary(origin_, fmt::format("is damaged: it has no token \"{}\"", token));
    return id;
  }

  std::vector<BytePairMerge> merges(const Vocabulary& vocabulary) const {
    std::vector<BytePairMerge> merges;
    merges.reserve(vocabulary.merges.size());
    for (const auto& pair : vocabulary.merges)
      merges.push_back(
          {in_merge(pair, pair.first), in_merge(pair, pair.second), in_merge(pair, pair.first + pair.second)});
    return merges;
  }

 private:
  static constexpr TokenId none = -1;

  TokenId in_merge(const std::pair<std::string, std::string>& pair, const std::string& token) const {
    const auto id = find(token, none);
    if (id != none) return id;
    fail_vocabulary(origin_,
                    fmt::format("is damaged: the merge of {} and {} needs token {}, which the vocabulary does not have",
                                quote(pair.first), quote(pair.second), quote(token)));
  }

  const std::string& origin_;
  std::unordered_map<std::string_view, TokenId> ids_;
};

namespace {

/// Returns the first special token in the text, as a view of the text; "" if there is none.
std::string_view find_special(std::string_view text) {
  for (auto at = text.find("<|"); at != std::string_view::npos; at = text.find("<|", at + 1)) {
    for (const auto name : {start_token, end_token}) {
      if (text.substr(at).starts_with(name)) return text.substr(at, name.size());
    }
  }
  return {};
}

/// True for a token such as <|endoftext|>, which no merge makes.
bool is_named(std::string_view token) { return token.starts_with('<') && token.ends_with('>'); }

}  // namespace

ClipTokenizer::ClipTokenizer(Vocabulary vocabulary)
    : vocabulary_(std::make_shared<const Vocabulary>(std::move(vocabulary))) {
  const Ids ids(*vocabulary_);
  start_ = ids.special(start_token);
  end_ = ids.special(end_token);
  for (std::size_t byte = 0; byte < bytes_.size(); ++byte) {
    const auto& character = byte_characters()[byte];
    bytes_[byte] = ids.find(character, end_);  // CLIP has no token for unknown bytes
    last_bytes_[byte] = ids.find(character + std::string(end_of_word), end_);
  }
  const auto merges = ids.merges(*vocabulary_);
  check_merges(merges);
  pairs_ = std::make_shared<const BytePairs>(merges);
}

/// Checks that each token can be made: a list of merges that was cut short at the end of a line reads well, but gives
/// other ids.
void ClipTokenizer::check_merges(std::span<const BytePairMerge> merges) const {
  std::vector<bool> made(size());
  for (std::size_t byte = 0; byte < bytes_.size(); ++byte) made[bytes_[byte]] = made[last_bytes_[byte]] = true;
  for (const auto& merge : merges) made[merge.result] = true;
  for (std::size_t id = 0; id < made.size(); ++id) {
    const auto& token = vocabulary_->tokens[id];
    if (made[id] || token.empty() || is_named(token)) continue;
    fail_vocabulary(vocabulary_->origin,
                    fmt::format("is damaged: none of its {1} merges makes the token {0}", quote(token), merges.size()));
  }
}

std::optional<ClipTokenizer> ClipTokenizer::of_checkpoint(const fs::path& folder) {
  if (auto vocabulary = find_vocabulary(folder)) return ClipTokenizer(std::move(*vocabulary));
  for (const auto* name : {"bpe_simple_vocab_16e6.txt", "bpe_simple_vocab_16e6.txt.gz"}) {
    if (path_exists(folder / name)) return of_vocabulary(folder / name);
  }
  return std::nullopt;
}

ClipTokenizer ClipTokenizer::of_vocabulary(const fs::path& file) { return ClipTokenizer(read_public_vocabulary(file)); }

std::string ClipTokenizer::serialise() const { return model::serialise(*vocabulary_); }

std::size_t ClipTokenizer::size() const { return vocabulary_->tokens.size(); }

std::vector<std::int64_t> ClipTokenizer::encode(std::string_view text, std::size_t context_length) const {
  if (context_length < 2) {
    throw Error(
        ErrorCode::input,
        fmt::format("a context of {} has no room for a text's start and end; it must be 2 or more", context_length));
  }
  check_utf8(text);
  const auto limit = context_length - 1;
  std::vector<std::int64_t> ids{start_};
  while (ids.size() < limit && !text.empty()) {
    const auto special = find_special(text);
    const auto plain = special.empty() ? text.size() : std::size_t(special.data() - text.data());
    append_plain(text.substr(0, plain), limit, ids);
    if (!special.empty()) ids.push_back(special == start_token ? start_ : end_);
    text.remove_prefix(plain + special.size());
  }
  ids.resize(std::min(ids.size(), limit));
  ids.push_back(end_);
  return ids;
}

void ClipTokenizer::append_plain(std::string_view text, std::size_t limit, std::vector<std::int64_t>& ids) const {
  Words words(normalised(text));
  while (ids.size() < limit) {
    const auto word = words.next();
    if (!word) return;
    auto symbols = symbols_of(*word);
    pairs_->apply(symbols);
    ids.insert(ids.end(), symbols.begin(), symbols.end());
  }
}

std::vector<TokenId> ClipTokenizer::symbols_of(std::string_view word) const {
  std::vector<TokenId> symbols;
  symbols.reserve(word.size());
  for (const char c : word) symbols.push_back(bytes_[static_cast<unsigned char>(c)]);
  symbols.back() = last_bytes_[static_cast<unsigned char>(word.back())];
  return symbols;
}

const TokenizerKind clip_tokenizer{
    .name = "clip",
    .schema = schema::tokenizer,
    .files = "tokenizer.json, vocab.json with merges.txt, or bpe_simple_vocab_16e6.txt",
    .find = [](const fs::path& folder) -> AnyTokenizer {
      auto found = ClipTokenizer::of_checkpoint(folder);
      return found ? std::make_unique<ClipTokenizer>(*std::move(found)) : nullptr;
    },
    .read = [](const fs::path& file) -> AnyTokenizer {
      return std::make_unique<ClipTokenizer>(ClipTokenizer::of_vocabulary(file));
    },
    .parse = [](const nlohmann::json& object, const std::string& origin) -> AnyTokenizer {
      return std::make_unique<ClipTokenizer>(parse_vocabulary(object, origin));
    },
};

}  // namespace matcher::model
