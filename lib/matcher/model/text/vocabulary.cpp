#include "matcher/model/text/vocabulary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "matcher/core/error.hpp"
#include "matcher/core/schemas.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/paths.hpp"

namespace matcher::model {
namespace {

using json = nlohmann::json;
using Merges = std::vector<std::pair<std::string, std::string>>;

constexpr std::uint64_t id_limit = 1 << 20;  // CLIP has 49,408; a damaged id must not use up the memory

const json& member(const json& object, const char* key, json::value_t type, const std::string& origin) {
  return vocabulary_member(object, key, type, origin);
}

void place_all(Vocabulary& vocabulary, const json& ids) {
  for (const auto& [token, id] : ids.items()) place_token(vocabulary, token, id);
}

/// Special tokens may be in this list only.
void place_added(Vocabulary& vocabulary, const json& file) {
  const auto added = file.find("added_tokens");
  if (added == file.end() || !added->is_array()) return;
  for (const auto& token : *added) {
    const auto& content = member(token, "content", json::value_t::string, vocabulary.origin);
    if (content == start_token || content == end_token) place_token(vocabulary, content, token.value("id", json()));
  }
}

std::pair<std::string, std::string> split_merge(std::string_view line, const std::string& where) {
  const auto space = line.find(' ');
  const bool two = space != std::string_view::npos && space > 0 && space + 1 < line.size() &&
                   line.find(' ', space + 1) == std::string_view::npos;
  if (!two) fail_vocabulary(where, fmt::format("is damaged: {} is not a merge of two tokens", quote(line)));
  return {std::string(line.substr(0, space)), std::string(line.substr(space + 1))};
}

std::pair<std::string, std::string> merge_of(const json& merge, const std::string& origin) {
  if (merge.is_string()) return split_merge(merge.get<std::string>(), origin);
  const bool two = merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string();
  if (!two) fail_vocabulary(origin, fmt::format("is damaged: {} is not a merge of two tokens", quote(merge.dump())));
  return {merge[0], merge[1]};
}

std::pair<std::string, std::string> merge_by_ids(const json& merge, const Vocabulary& vocabulary) {
  const auto& tokens = vocabulary.tokens;
  const auto is_id = [&](const json& id) { return id.is_number_unsigned() && id.get<std::size_t>() < tokens.size(); };
  if (!merge.is_array() || merge.size() != 2 || !is_id(merge[0]) || !is_id(merge[1]))
    fail_vocabulary(vocabulary.origin, fmt::format("is damaged: {} is not a merge of two tokens", quote(merge.dump())));
  return {tokens[merge[0].get<std::size_t>()], tokens[merge[1].get<std::size_t>()]};
}

/// Other models have files of the same names; only CLIP's tokenizer has this suffix.
void check_model(const json& model, const std::string& origin) {
  const auto suffix = model.value("end_of_word_suffix", json());
  if (model.value("type", json("BPE")) == "BPE" && suffix == end_of_word) return;
  fail_vocabulary(origin, fmt::format("is not a CLIP tokenizer: its model is {} with the end of word {}",
                                      model.value("type", json("BPE")).dump(), suffix.dump()));
}

Vocabulary read_clip_json(const fs::path& path) {
  const auto origin = path.string();
  const auto file = parse_object(read_text(path), origin);
  check_model(member(file, "model", json::value_t::object, origin), origin);
  auto vocabulary = read_tokenizer_json(file, origin);
  place_added(vocabulary, file);
  return vocabulary;
}

Vocabulary read_pair(const fs::path& tokens, const fs::path& merges) {
  for (const auto& [found, missing] : {std::pair(tokens, merges), std::pair(merges, tokens)}) {
    if (!path_exists(missing))
      fail_vocabulary(found.string(), fmt::format("needs {} beside it", missing.filename().string()));
  }
  Vocabulary vocabulary{{}, read_merges(read_text(merges), 1, merges.string()), tokens.string()};
  place_all(vocabulary, parse_object(read_text(tokens), vocabulary.origin));
  vocabulary.origin = fmt::format("{} with {}", tokens.string(), merges.filename().string());
  return vocabulary;
}

}  // namespace

std::string quote(std::string_view text) {
  constexpr std::size_t longest = 60;
  const auto start = json(text.substr(0, longest)).dump(-1, ' ', true, json::error_handler_t::replace);
  return text.size() > longest ? start + "..." : start;
}

json parse_object(const std::string& text, const std::string& origin) {
  auto object = json::parse(text, nullptr, false);
  if (!object.is_object()) fail_vocabulary(origin, "is not a JSON object");
  return object;
}

const json& vocabulary_member(const json& object, const char* key, json::value_t type, const std::string& origin) {
  const auto found = object.find(key);
  if (found == object.end() || found->type() != type)
    fail_vocabulary(origin, fmt::format("is damaged: it has no {} \"{}\"", json(type).type_name(), key));
  return *found;
}

void place_token(Vocabulary& vocabulary, const std::string& token, const json& id) {
  if (!id.is_number_unsigned() || id.get<std::uint64_t>() >= id_limit) {
    fail_vocabulary(vocabulary.origin,
                    fmt::format("is damaged: token {} has the id {}, which is not a whole number from 0 to {}",
                                quote(token), id.dump(), id_limit - 1));
  }
  const auto at = id.get<std::size_t>();
  if (at >= vocabulary.tokens.size()) vocabulary.tokens.resize(at + 1);
  auto& known = vocabulary.tokens[at];
  if (!known.empty() && known != token) {
    fail_vocabulary(vocabulary.origin,
                    fmt::format("is damaged: tokens {} and {} both have the id {}", quote(known), quote(token), at));
  }
  known = token;
}

Vocabulary read_tokenizer_json(const json& file, const std::string& origin) {
  Vocabulary vocabulary{{}, {}, origin};
  const auto& model = member(file, "model", json::value_t::object, origin);
  place_all(vocabulary, member(model, "vocab", json::value_t::object, origin));
  for (const auto& merge : member(model, "merges", json::value_t::array, origin))
    vocabulary.merges.push_back(merge_of(merge, origin));
  return vocabulary;
}

void fail_vocabulary(const std::string& origin, const std::string& reason) {
  throw Error(ErrorCode::input, fmt::format("{} {}; fetch it again", origin, reason));
}

Merges read_merges(std::string_view lines, std::size_t first_number, const std::string& origin) {
  Merges merges;
  for (auto number = first_number; !lines.empty(); ++number) {
    auto line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with("#version")) continue;
    merges.push_back(split_merge(line, fmt::format("{}, line {},", origin, number)));
  }
  return merges;
}

std::optional<Vocabulary> find_vocabulary(const fs::path& folder) {
  if (path_exists(folder / "tokenizer.json")) return read_clip_json(folder / "tokenizer.json");
  const auto tokens = folder / "vocab.json", merges = folder / "merges.txt";
  if (path_exists(tokens) || path_exists(merges)) return read_pair(tokens, merges);
  return std::nullopt;
}

std::string serialise(const Vocabulary& vocabulary) {
  std::map<std::string_view, std::size_t> ids;
  for (std::size_t id = 0; id < vocabulary.tokens.size(); ++id) ids.emplace(vocabulary.tokens[id], id);
  auto merges = json::array();
  for (const auto& [left, right] : vocabulary.merges) merges.push_back({ids.at(left), ids.at(right)});
  return json{{"schema", schema::tokenizer}, {"tokens", vocabulary.tokens}, {"merges", merges}}.dump();
}

Vocabulary parse_vocabulary(const json& file, const std::string& origin) {
  Vocabulary vocabulary{{}, {}, origin};
  for (const auto& token : member(file, "tokens", json::value_t::array, origin)) {
    if (!token.is_string())
      fail_vocabulary(origin, fmt::format("is damaged: token {} is not a text", quote(token.dump())));
    vocabulary.tokens.push_back(token);
  }
  for (const auto& merge : member(file, "merges", json::value_t::array, origin))
    vocabulary.merges.push_back(merge_by_ids(merge, vocabulary));
  return vocabulary;
}

}  // namespace matcher::model
