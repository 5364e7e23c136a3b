#include "matcher/model/text/styled_tokenizer.hpp"

#include "matcher/core/schemas.hpp"
#include "matcher/model/text/vocabulary.hpp"

namespace matcher::model {
namespace {

using json = nlohmann::json;

AnyTokenizer parse(const json& object, const std::string& origin) {
  const auto name = vocabulary_member(object, "cleaning", json::value_t::string, origin).get<std::string>();
  const auto cleaning = find_cleaning(name);
  if (!cleaning) fail_vocabulary(origin, "has the cleaning " + quote(name) + ", which matcher does not know");
  const auto pad = object.value("pad", json());
  if (!pad.is_number_unsigned()) fail_vocabulary(origin, "is damaged: it has no number \"pad\"");
  const auto& inner = vocabulary_member(object, "tokenizer", json::value_t::object, origin);
  if (inner.value("schema", json()) == schema::styled_tokenizer)
    fail_vocabulary(origin, "is damaged: it cleans a text twice");
  return std::make_unique<StyledTokenizer>(parse_tokenizer_object(inner, origin),
                                           TextStyle{*cleaning, pad.get<std::int64_t>()});
}

}  // namespace

std::string StyledTokenizer::serialise() const {
  return json{{"schema", schema::styled_tokenizer},
              {"cleaning", to_string(style_.cleaning)},
              {"pad", style_.pad},
              {"tokenizer", json::parse(inner_->serialise())}}
      .dump();
}

const TokenizerKind styled_tokenizer{
    .name = "styled",
    .schema = schema::styled_tokenizer,
    .files = "",
    .find = [](const std::filesystem::path&) -> AnyTokenizer { return nullptr; },
    .read = [](const std::filesystem::path& file) -> AnyTokenizer {
      fail_vocabulary(file.string(), "is not a vocabulary");
    },
    .parse = parse,
};

}  // namespace matcher::model
