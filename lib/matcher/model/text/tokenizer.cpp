#include "matcher/model/text/tokenizer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <nlohmann/json.hpp>

#include "matcher/model/text/vocabulary.hpp"

namespace matcher::model {

std::span<const TokenizerKind* const> tokenizer_kinds() {
#define MATCHER_ADDRESS(kind) &kind##_tokenizer,
  static constexpr std::array kinds{MATCHER_TOKENIZERS(MATCHER_ADDRESS)};
#undef MATCHER_ADDRESS
  return kinds;
}

AnyTokenizer parse_tokenizer(const std::string& text, const std::string& origin) {
  const auto object = parse_object(text, origin);
  const auto schema = object.value("schema", nlohmann::json());
  std::vector<std::string> known;
  for (const auto* kind : tokenizer_kinds()) {
    if (schema == kind->schema) return kind->parse(object, origin);
    known.push_back(fmt::format("\"{}\"", kind->schema));
  }
  fail_vocabulary(origin, fmt::format("has the schema {}, not {}", schema.dump(), fmt::join(known, " or ")));
}

}  // namespace matcher::model
