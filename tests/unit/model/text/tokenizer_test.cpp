#include "matcher/model/text/tokenizer.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "unit/model/scratch.hpp"

using Catch::Matchers::ContainsSubstring;
using nlohmann::json;
using namespace matcher;
using namespace matcher::test;

namespace {

const fs::path data = fs::path(MATCHER_TEST_DATA) / "tokenizer";

std::string refusal(const std::string& text) {
  const auto error = error_of([&] { model::parse_tokenizer(text, "shelf.pt"); });
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::input);
  return error->what();
}

}  // namespace

TEST_CASE("every kind of tokenizer has its own name and schema") {
  const auto kinds = model::tokenizer_kinds();
  std::set<std::string> names, schemas;
  for (const auto* kind : kinds) {
    names.insert(kind->name);
    schemas.insert(kind->schema);
  }
  CHECK(names.size() == kinds.size());
  CHECK(schemas.size() == kinds.size());
  CHECK(names.contains("clip"));
}

TEST_CASE("the schema of a vocabulary decides which kind reads it") {
  const auto tokenizer = model::clip_tokenizer.find(data / "pair");
  REQUIRE(tokenizer != nullptr);
  const auto text = tokenizer->serialise();
  CHECK(json::parse(text)["schema"] == model::clip_tokenizer.schema);
  CHECK(model::parse_tokenizer(text, "shelf.pt")->serialise() == text);
}

TEST_CASE("a vocabulary of an unknown kind is refused with the known schemas") {
  CHECK_THAT(refusal(R"({"schema": "matcher.tokenizer/9"})"),
             ContainsSubstring(R"(shelf.pt has the schema "matcher.tokenizer/9", not "matcher.tokenizer/1" or )"
                               R"("matcher.sentencepiece_tokenizer/1" or "matcher.gemma_tokenizer/1")"));
  CHECK_THAT(refusal("{}"), ContainsSubstring(R"(has the schema null, not "matcher.tokenizer/1" or )"));
  CHECK_THAT(refusal("[]"), ContainsSubstring("shelf.pt is not a JSON object"));
}

TEST_CASE("a kind reads checkpoints and files that the user names") {
  const Scratch scratch;
  CHECK(model::clip_tokenizer.find(scratch / ".") == nullptr);
  const auto file = data / "public" / "bpe_simple_vocab_16e6.txt.gz";
  CHECK(model::clip_tokenizer.read(file)->serialise() == model::clip_tokenizer.find(data / "public")->serialise());
}
