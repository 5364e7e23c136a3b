#include "matcher/model/text/tokenizer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "matcher/files/file.hpp"
#include "matcher/model/text/vocabulary.hpp"

namespace matcher::model {

std::span<const TokenizerKind* const> tokenizer_kinds() {
#define MATCHER_ADDRESS(kind) &kind##_tokenizer,
  static constexpr std::array kinds{MATCHER_TOKENIZERS(MATCHER_ADDRESS)};
#undef MATCHER_ADDRESS
  return kinds;
}

AnyTokenizer find_tokenizer(TokenizerKinds kinds, const fs::path& folder) {
  for (const auto* kind : kinds)
    if (auto found = kind->find(folder)) return found;
  return nullptr;
}

AnyTokenizer read_tokenizer(TokenizerKinds kinds, const fs::path& file) {
  const auto extension = file.extension().string();
  const auto found = std::ranges::find_if(kinds, [&](const TokenizerKind* kind) {
    return !extension.empty() && std::string_view(kind->files).ends_with(extension);
  });
  return (found == kinds.end() ? kinds.front() : *found)->read(file);
}

std::string list_files(TokenizerKinds kinds) {
  std::vector<std::string_view> files;
  for (const auto* kind : kinds) files.emplace_back(kind->files);
  return fmt::format("{}", fmt::join(files, " or "));
}

AnyTokenizer parse_tokenizer(const std::string& text, const std::string& origin) {
  return parse_tokenizer_object(parse_object(text, origin), origin);
}

AnyTokenizer parse_tokenizer_object(const nlohmann::json& object, const std::string& origin) {
  const auto schema = object.value("schema", nlohmann::json());
  std::vector<std::string> known;
  for (const auto* kind : tokenizer_kinds()) {
    if (schema == kind->schema) return kind->parse(object, origin);
    known.push_back(fmt::format("\"{}\"", kind->schema));
  }
  fail_vocabulary(origin, fmt::format("has the schema {}, not {}", schema.dump(), fmt::join(known, " or ")));
}

}  // namespace matcher::model
