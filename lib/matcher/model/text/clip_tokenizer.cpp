#include "matcher/model/text/clip_tokenizer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "matcher/core/error.hpp"
#include "matcher/model/text/byte_pairs.hpp"
#include "matcher/model/text/clip_words.hpp"
#include "matcher/model/text/vocabulary.hpp"

namespace matcher::model {

/// Token to id.
class Tokenizer::Ids {
 public:
  explicit Ids(const Vocabulary& vocabulary) : origin_(vocabulary.origin) {
    for (const auto& token : vocabulary.tokens) {
      const auto id = TokenId(&token - vocabulary.tokens.data());
      if (token.empty()) continue;
      const auto [there, added] = ids_.emplace(token, id);
      if (added) continue;
      fail_vocabulary(origin_,
                      fmt::format("is damaged: token {} has the ids {} and {}", shown(token), there->second, id));
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
                                shown(pair.first), shown(pair.second), shown(token)));
  }

  const std::string& origin_;
  std::unordered_map<std::string_view, TokenId> ids_;
};

namespace {

/// The first special token in the text, "" when there is none; a view of the text.
std::string_view find_special(std::string_view text) {
  for (auto at = text.find("<|"); at != std::string_view::npos; at = text.find("<|", at + 1)) {
    for (const auto name : {start_token, end_token}) {
      if (text.substr(at).starts_with(name)) return text.substr(at, name.size());
    }
  }
  return {};
}

/// A token that somebody put in by hand.
bool is_named(std::string_view token) { return token.starts_with('<') && token.ends_with('>'); }

}  // namespace

Tokenizer::Tokenizer(Vocabulary vocabulary) : vocabulary_(std::make_shared<const Vocabulary>(std::move(vocabulary))) {
  const Ids ids(*vocabulary_);
  start_ = ids.special(start_token);
  end_ = ids.special(end_token);
  for (std::size_t byte = 0; byte < bytes_.size(); ++byte) {
    const auto& character = byte_characters()[byte];
    bytes_[byte] = ids.find(character, end_);  // CLIP has no other token for what is unknown
    last_bytes_[byte] = ids.find(character + std::string(end_of_word), end_);
  }
  const auto merges = ids.merges(*vocabulary_);
  check_made(merges);
  pairs_ = std::make_shared<const BytePairs>(merges);
}

/// A list of merges that was cut short at the end of a line is good in itself, but it gives other ids.
void Tokenizer::check_made(std::span<const BytePairMerge> merges) const {
  std::vector<bool> made(size());
  for (std::size_t byte = 0; byte < bytes_.size(); ++byte) made[bytes_[byte]] = made[last_bytes_[byte]] = true;
  for (const auto& merge : merges) made[merge.result] = true;
  for (std::size_t id = 0; id < made.size(); ++id) {
    const auto& token = vocabulary_->tokens[id];
    if (made[id] || token.empty() || is_named(token)) continue;
    fail_vocabulary(vocabulary_->origin, fmt::format("is damaged: no merge makes the token {} ({} merges are there)",
                                                     shown(token), merges.size()));
  }
}

std::optional<Tokenizer> Tokenizer::of_checkpoint(const std::filesystem::path& folder) {
  auto vocabulary = find_vocabulary(folder);
  if (!vocabulary) return std::nullopt;
  return Tokenizer(std::move(*vocabulary));
}

Tokenizer Tokenizer::of_vocabulary(const std::filesystem::path& file) {
  return Tokenizer(read_public_vocabulary(file));
}

Tokenizer Tokenizer::parse(const std::string& text, const std::string& origin) {
  return Tokenizer(parse_vocabulary(text, origin));
}

std::string Tokenizer::serialise() const { return model::serialise(*vocabulary_); }

std::size_t Tokenizer::size() const { return vocabulary_->tokens.size(); }

std::vector<std::int64_t> Tokenizer::encode(std::string_view text, std::size_t context_length) const {
  if (context_length < 2) {
    throw Error(
        ErrorCode::input,
        fmt::format("a context of {} has no place for a text's start and end; it must be 2 or more", context_length));
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

void Tokenizer::append_plain(std::string_view text, std::size_t limit, std::vector<std::int64_t>& ids) const {
  Words words(normalised(text));
  while (ids.size() < limit) {
    const auto word = words.next();
    if (!word) return;
    auto symbols = symbols_of(*word);
    pairs_->apply(symbols);
    ids.insert(ids.end(), symbols.begin(), symbols.end());
  }
}

std::vector<TokenId> Tokenizer::symbols_of(std::string_view word) const {
  std::vector<TokenId> symbols;
  symbols.reserve(word.size());
  for (const char c : word) symbols.push_back(bytes_[static_cast<unsigned char>(c)]);
  symbols.back() = last_bytes_[static_cast<unsigned char>(word.back())];
  return symbols;
}

}  // namespace matcher::model
