#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "matcher/model/text/clip_tokenizer.hpp"
#include "matcher/model/text/vocabulary.hpp"
#include "unit/model/scratch.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using matcher::ErrorCode;
using matcher::model::ClipTokenizer;
using matcher::test::error_of;
using matcher::test::Scratch;

namespace {

using Ids = std::vector<std::int64_t>;
namespace fs = std::filesystem;

constexpr std::size_t context = 77;
const fs::path data = fs::path(MATCHER_TEST_DATA) / "tokenizer";

enum Column { text, small_vocabulary, public_vocabulary };

/// Every text of tests/data/tokenizer/cases.json has the ids of transformers' CLIPTokenizer.
void check_cases(const matcher::model::Tokenizer& tokenizer, Column column) {
  const auto cases = nlohmann::json::parse(matcher::read_text(data / "cases.json"));
  REQUIRE(cases.size() >= 1000);
  for (const auto& row : cases) {
    INFO(row[text].dump());
    CHECK(tokenizer.encode(row[text].get<std::string>(), context) == row[column].get<Ids>());
  }
}

ClipTokenizer small() { return ClipTokenizer::of_checkpoint(data / "pair").value(); }

/// A vocabulary of the given tokens and merges; everything else is unknown to it.
ClipTokenizer tiny(const nlohmann::json& tokens, const nlohmann::json& merges) {
  const auto text = nlohmann::json{{"tokens", tokens}, {"merges", merges}}.dump();
  return ClipTokenizer(matcher::model::parse_vocabulary(nlohmann::json::parse(text), "tiny"));
}

double seconds_to_encode(const ClipTokenizer& tokenizer, const std::string& text) {
  const auto begin = std::chrono::steady_clock::now();
  CHECK(tokenizer.encode(text, context).size() <= context);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::string repeated(std::string_view part, std::size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += part;
  return text;
}

}  // namespace

TEST_CASE("texts have the ids of CLIPTokenizer, whichever files the vocabulary is in") {
  for (const auto* form : {"pair", "json", "public"}) {
    INFO(form);
    check_cases(ClipTokenizer::of_checkpoint(data / form).value(), small_vocabulary);
  }
}

TEST_CASE("texts have the ids of CLIPTokenizer with the public vocabulary") {
  const char* file = std::getenv("MATCHER_CLIP_VOCABULARY");
  if (file == nullptr)
    SKIP("MATCHER_CLIP_VOCABULARY is not set: it names bpe_simple_vocab_16e6.txt.gz, in OpenAI's CLIP under clip/");
  const auto tokenizer = ClipTokenizer::of_vocabulary(file);
  CHECK(tokenizer.size() == 49408);
  CHECK(tokenizer.start() == 49406);
  CHECK(tokenizer.end() == 49407);
  check_cases(tokenizer, public_vocabulary);
}

TEST_CASE("a tokenizer reads what it wrote, from whichever files it came") {
  const auto written = small().serialise();
  const auto read = matcher::model::parse_tokenizer(written, "a bundle");
  check_cases(*read, small_vocabulary);
  CHECK(read->serialise() == written);
  for (const auto* form : {"json", "public"}) CHECK(ClipTokenizer::of_checkpoint(data / form)->serialise() == written);
}

TEST_CASE("a folder without a vocabulary has no tokenizer") {
  const Scratch scratch;
  scratch.write("config.json", "{}");
  CHECK_FALSE(ClipTokenizer::of_checkpoint(scratch / "."));
}

TEST_CASE("the public vocabulary may be unpacked") {
  const Scratch scratch;
  const auto merges = matcher::read_text(data / "pair" / "merges.txt");
  scratch.write("bpe_simple_vocab_16e6.txt", merges);
  CHECK(ClipTokenizer::of_checkpoint(scratch / ".")->serialise() == small().serialise());
}

TEST_CASE("lines may end as on Windows, and the last line may have no end") {
  const Scratch scratch;
  auto merges = matcher::read_text(data / "pair" / "merges.txt");
  merges.pop_back();
  for (std::size_t at = 0; (at = merges.find('\n', at)) != std::string::npos; at += 2) merges.replace(at, 1, "\r\n");
  const auto file = scratch.write("vocabulary.txt", merges);
  CHECK(ClipTokenizer::of_vocabulary(file).serialise() == small().serialise());
}

TEST_CASE("a text keeps its end token in any context length") {
  const auto tokenizer = small();
  const auto whole = tokenizer.encode("a photo of the red running shoe", context);
  REQUIRE(whole.size() > 6);
  for (std::size_t length = 2; length <= whole.size() + 2; ++length) {
    auto expected = whole;
    expected.resize(std::min(length, whole.size()));
    expected.back() = tokenizer.end();
    CHECK(tokenizer.encode("a photo of the red running shoe", length) == expected);
  }
  const auto error = error_of([&] { tokenizer.encode("shoe", 1); });
  REQUIRE(error);
  CHECK_THAT(error->what(), ContainsSubstring("a context of 1 has no room for a text's start and end"));
}

TEST_CASE("ids are below the size, and pad with the end") {
  const auto tokenizer = small();
  CHECK(tokenizer.start() < std::int64_t(tokenizer.size()));
  CHECK(tokenizer.end() < std::int64_t(tokenizer.size()));
  CHECK(tokenizer.pad() == tokenizer.end());
  CHECK(tokenizer.encode("", context) == Ids{tokenizer.start(), tokenizer.end()});
}

TEST_CASE("a byte without a token is the end token, each by itself") {
  const auto tokenizer = tiny({"<|endoftext|>", "a", "b", "b</w>", "ab</w>", "", "<|startoftext|>"}, {{1, 3}});
  CHECK(tokenizer.size() == 7);
  CHECK(tokenizer.encode("ab AB", context) == Ids{6, 4, 4, 0});
  CHECK(tokenizer.encode("aaxb", context) == Ids{6, 1, 1, 0, 3, 0});
  CHECK(tokenizer.encode("ax", context) == Ids{6, 1, 0, 0});
  CHECK(tokenizer.encode("é", context) == Ids{6, 0, 0, 0});
}

TEST_CASE("the most urgent merge comes first, and among equals the leftmost") {
  const nlohmann::json tokens = {"a", "b", "a</w>", "aa", "ab", "aab", "aa</w>", "<|startoftext|>", "<|endoftext|>"};
  const auto encode = [&](const nlohmann::json& merges, std::string_view word) {
    return tiny(tokens, merges).encode(word, context);
  };
  const nlohmann::json merges = {{0, 0}, {0, 1}, {0, 4}, {0, 2}};
  CHECK(encode(merges, "aaaa") == Ids{7, 3, 6, 8});
  CHECK(encode(merges, "aaba") == Ids{7, 3, 1, 2, 8});
  CHECK(encode({{0, 1}, {0, 4}, {0, 0}, {0, 2}}, "aaba") == Ids{7, 5, 2, 8});
  // A duplicate has its later place.
  CHECK(encode({{0, 0}, {0, 1}, {0, 4}, {0, 2}, {0, 0}}, "aaba") == Ids{7, 5, 2, 8});
}

TEST_CASE("the first byte that is not UTF-8 is reported with its position") {
  const auto tokenizer = small();
  const auto complaint = [&](std::string_view bytes) {
    const auto error = error_of([&] { tokenizer.encode(bytes, context); });
    REQUIRE(error);
    CHECK(error->code() == ErrorCode::input);
    CHECK_THAT(error->what(), EndsWith("convert the text to UTF-8"));
    return std::string(error->what());
  };
  CHECK_THAT(complaint("caf\xe9 au lait"), ContainsSubstring("byte 4 of 12 is 0xe9"));
  CHECK_THAT(complaint("\x80"), ContainsSubstring("byte 1 of 1 is 0x80"));
  CHECK_THAT(complaint("<|endoftext|>\xff"), ContainsSubstring("byte 14 of 14 is 0xff"));
  for (const auto* bytes : {"\xc3", "\xe4\xb8", "\xf0\x9f\x91", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80",
                            "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80"})
    CHECK_THAT(complaint(std::string("x") + bytes), ContainsSubstring("byte 2 of"));
}

TEST_CASE("a megabyte without a space takes less than seconds") {
  const auto tokenizer = small();
  constexpr std::size_t megabyte = 1 << 20;
  constexpr double longest = 20;  // seconds; under one without a sanitizer, an hour if time were quadratic
  for (const auto* part : {"a", "shoe", "\xc3\xa9", "!", "\xcc\x81\xcc\xa3", "<|", "\xe1\x84\x80", "<|STARTOFTEXT|>"}) {
    INFO(part);
    CHECK(seconds_to_encode(tokenizer, repeated(part, megabyte)) < longest);
  }
}
