// The tokenizers of SigLIP and SigLIP 2, compared with transformers' SiglipTokenizer and GemmaTokenizer.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <functional>
#include <nlohmann/json.hpp>

#include "matcher/model/text/cleaning.hpp"
#include "matcher/model/text/styled_tokenizer.hpp"
#include "unit/model/scratch.hpp"

using Catch::Matchers::ContainsSubstring;
using nlohmann::json;
using namespace matcher;
using namespace matcher::test;

namespace {

using Ids = std::vector<std::int64_t>;

constexpr std::size_t context = 64;
const fs::path data = fs::path(MATCHER_TEST_DATA) / "siglip-tokenizer";

enum Column { text, unigram, gemma };

void check_cases(const model::Tokenizer& tokenizer, Column column) {
  const auto cases = json::parse(read_text(data / "cases.json"));
  REQUIRE(cases.size() >= 1000);
  for (const auto& row : cases) {
    INFO(row[text].dump());
    CHECK(tokenizer.encode(row[text].get<std::string>(), context) == row[column].get<Ids>());
  }
}

std::string complaint(const std::function<void()>& read) {
  const auto error = error_of(read);
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::input);
  return error->what();
}

std::string complaint_about_gemma(const std::function<void(json&)>& change) {
  const Scratch scratch;
  auto object = json::parse(read_text(data / "gemma" / "tokenizer.json"));
  change(object);
  const auto file = scratch.write("tokenizer.json", object.dump());
  return complaint([&] { model::gemma_tokenizer.read(file); });
}

}  // namespace

TEST_CASE("texts have the ids of SiglipTokenizer, from the file and from a bundle") {
  const auto tokenizer = model::sentencepiece_tokenizer.find(data / "unigram");
  REQUIRE(tokenizer != nullptr);
  CHECK(tokenizer->end() == 1);
  CHECK(tokenizer->pad() == 1);
  CHECK(tokenizer->size() == 600);
  check_cases(*tokenizer, unigram);
  const auto stored = tokenizer->serialise();
  const auto again = model::parse_tokenizer(stored, "shelf.pt");
  check_cases(*again, unigram);
  CHECK(again->serialise() == stored);
}

TEST_CASE("texts have the ids of GemmaTokenizer, from the file and from a bundle") {
  const auto tokenizer = model::gemma_tokenizer.find(data / "gemma");
  REQUIRE(tokenizer != nullptr);
  CHECK(tokenizer->end() == 1);
  CHECK(tokenizer->pad() == 0);
  CHECK(tokenizer->size() == 1100);
  check_cases(*tokenizer, gemma);
  const auto stored = tokenizer->serialise();
  const auto again = model::parse_tokenizer(stored, "shelf.pt");
  check_cases(*again, gemma);
  CHECK(again->serialise() == stored);
}

TEST_CASE("a folder's files decide the kind of its vocabulary") {
  const Scratch scratch;
  for (const auto* kind : {&model::sentencepiece_tokenizer, &model::gemma_tokenizer})
    CHECK(kind->find(scratch / ".") == nullptr);
  CHECK(model::gemma_tokenizer.find(fs::path(MATCHER_TEST_DATA) / "tokenizer" / "json") == nullptr);
  const model::TokenizerKind* const kinds[]{&model::sentencepiece_tokenizer, &model::gemma_tokenizer};
  CHECK(model::find_tokenizer(kinds, data / "gemma")->pad() == 0);
  CHECK(model::find_tokenizer(kinds, data / "unigram")->pad() == 1);
  CHECK(model::find_tokenizer(kinds, scratch / ".") == nullptr);
  CHECK(model::read_tokenizer(kinds, data / "gemma" / "tokenizer.json")->pad() == 0);
  CHECK(model::read_tokenizer(kinds, data / "unigram" / "spiece.model")->pad() == 1);
  CHECK(model::list_files(kinds) == "spiece.model or tokenizer.json");
}

TEST_CASE("a file that is no SentencePiece model is refused") {
  const Scratch scratch;
  const auto file = scratch.write("spiece.model", "not a model");
  CHECK_THAT(complaint([&] { model::sentencepiece_tokenizer.read(file); }),
             ContainsSubstring(file.string() + " is not a SentencePiece model ("));
}

TEST_CASE("a damaged vocabulary of Gemma's kind is refused") {
  CHECK_THAT(complaint_about_gemma([](json& file) { file["model"]["byte_fallback"] = false; }),
             ContainsSubstring("is not a tokenizer of Gemma's kind: byte pairs with \"byte_fallback\""));
  CHECK_THAT(complaint_about_gemma([](json& file) { file["model"].erase("vocab"); }),
             ContainsSubstring("is damaged: it has no object \"vocab\""));
  CHECK_THAT(complaint_about_gemma([](json& file) { file["added_tokens"][0]["lstrip"] = true; }),
             ContainsSubstring("has the added token \"<pad>\" with \"lstrip\", which matcher does not know"));
  CHECK_THAT(complaint_about_gemma([](json& file) {
               file["model"]["merges"].push_back({"red", "no such token"});
             }),
             ContainsSubstring("is damaged: the merge of \"red\" and \"no such token\" needs a token that the "
                               "vocabulary does not have"));
}

TEST_CASE("a text that is not UTF-8 is refused") {
  for (const auto* kind : {&model::sentencepiece_tokenizer, &model::gemma_tokenizer}) {
    const auto tokenizer = kind->find(data / (kind == &model::gemma_tokenizer ? "gemma" : "unigram"));
    CHECK_THAT(complaint([&] { tokenizer->encode("caf\xe9", context); }),
               ContainsSubstring("is not UTF-8: byte 4 of 4"));
  }
}

TEST_CASE("open_clip's texts are cleaned as it does, but for rare repairs, and have the ids of its tokenizer.json") {
  auto inner = model::sentencepiece_tokenizer.find(data / "unigram-json");
  REQUIRE(inner != nullptr);
  const model::StyledTokenizer tokenizer(std::move(inner), {model::Cleaning::canonicalize, 1});
  const auto cases = json::parse(read_text(data / "open_clip_cases.json"));
  std::size_t equal = 0, different = 0;
  for (const auto& row : cases) {
    const auto given = row[0].get<std::string>();
    if (model::clean(given, model::Cleaning::canonicalize) != row[1]) continue;
    ++equal;
    different += tokenizer.encode(given, context) == row[2].get<Ids>() ? 0 : 1;
  }
  CHECK(equal >= cases.size() * 96 / 100);
  CHECK(different <= 3);  // marks after a sign: the `tokenizers` library maps both together, SentencePiece each
}

TEST_CASE("a cleaned and padded tokenizer comes back from a bundle") {
  const model::StyledTokenizer tokenizer(model::gemma_tokenizer.find(data / "gemma"), {model::Cleaning::lower, 7});
  const auto stored = tokenizer.serialise();
  const auto again = model::parse_tokenizer(stored, "shelf.pt");
  CHECK(again->pad() == 7);
  CHECK(again->encode("RED &amp; Blue", context) == tokenizer.encode("red & blue", context));
  CHECK(again->serialise() == stored);
  CHECK_THAT(complaint([] {
               model::parse_tokenizer(R"({"schema": "matcher.styled_tokenizer/1", "cleaning": "x"})", "shelf.pt");
             }),
             ContainsSubstring("shelf.pt has the cleaning \"x\", which matcher does not know"));
}

TEST_CASE("repairs of texts from web pages") {
  const auto cleaned = [](const char* text) { return model::clean(text, model::Cleaning::whitespace); };
  CHECK(cleaned("salt &amp; pepper &#39;x&#x27; &unknown; AT&T") == "salt & pepper 'x' &unknown; AT&T");
  CHECK(cleaned("don\u2019t \u201cx\u201d") == "don't \"x\"");
  CHECK(cleaned("\ufb01ne \uff21\uff22\u3000\uff11") == "fine AB 1");
  CHECK(cleaned("a\x01\x7f  b\t\n c ") == "a b c");
  CHECK(cleaned("cafe\u0301") == "caf\u00e9");
}
