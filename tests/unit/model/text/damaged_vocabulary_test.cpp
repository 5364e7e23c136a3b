// Vocabulary files that are damaged, truncated, or of another kind.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <functional>
#include <nlohmann/json.hpp>

#include "matcher/model/text/clip_tokenizer.hpp"
#include "unit/model/scratch.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using matcher::ErrorCode;
using matcher::model::ClipTokenizer;
using matcher::test::error_of;
using matcher::test::Scratch;

namespace {

using json = nlohmann::json;
using Change = std::function<void(json&)>;
namespace fs = std::filesystem;

const fs::path data = fs::path(MATCHER_TEST_DATA) / "tokenizer";

std::string text_of(const std::string& name) { return matcher::read_text(data / name); }

std::string complaint(const std::function<void()>& read) {
  const auto error = error_of(read);
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::input);
  CHECK_THAT(error->what(), EndsWith("; fetch it again"));
  return error->what();
}

std::string complaint_about_folder(const Scratch& scratch) {
  return complaint([&] { ClipTokenizer::of_checkpoint(scratch / "."); });
}

std::string complaint_about_pair(const std::string& tokens, const std::string& merges) {
  const Scratch scratch;
  scratch.write("vocab.json", tokens);
  scratch.write("merges.txt", merges);
  return complaint_about_folder(scratch);
}

std::string complaint_about_tokens(const Change& change) {
  auto tokens = json::parse(text_of("pair/vocab.json"));
  change(tokens);
  return complaint_about_pair(tokens.dump(), text_of("pair/merges.txt"));
}

std::string complaint_about_json(const Change& change) {
  const Scratch scratch;
  auto file = json::parse(text_of("json/tokenizer.json"));
  change(file);
  scratch.write("tokenizer.json", file.dump());
  return complaint_about_folder(scratch);
}

std::string complaint_about_public(std::string_view bytes) {
  const Scratch scratch;
  const auto file = scratch.write("vocabulary.txt.gz", bytes);
  return complaint([&] { ClipTokenizer::of_vocabulary(file); });
}

std::string complaint_about_record(const Change& change) {
  auto file = json::parse(ClipTokenizer::of_checkpoint(data / "pair")->serialise());
  change(file);
  return complaint([&] { matcher::model::parse_tokenizer(file.dump(), "shelf.pt (tokenizer.json)"); });
}

/// A gzip file of at least `bytes` zeros, with 13 bits for 258 of them (RFC 1951, 3.2.6: fixed codes).
std::string gzip_bomb(std::size_t bytes) {
  std::string bits =
      "110"
      "00110000";  // the last block, of fixed codes; a zero
  for (std::size_t count = 0; count < bytes; count += 258)
    bits +=
        "11000101"
        "00000";  // repeats the last byte 258 times
  std::string file("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
  for (std::size_t at = 0; at < bits.size(); ++at) {
    if (at % 8 == 0) file += '\0';
    if (bits[at] == '1') file.back() = char(file.back() | 1 << at % 8);
  }
  return file;
}

}  // namespace

TEST_CASE("one file of a pair needs the other") {
  const Scratch scratch;
  SECTION("no merges") {
    scratch.write("vocab.json", text_of("pair/vocab.json"));
    CHECK_THAT(complaint_about_folder(scratch), ContainsSubstring("vocab.json needs merges.txt beside it"));
  }
  SECTION("no tokens") {
    scratch.write("merges.txt", text_of("pair/merges.txt"));
    CHECK_THAT(complaint_about_folder(scratch), ContainsSubstring("merges.txt needs vocab.json beside it"));
  }
}

TEST_CASE("invalid tokens are refused") {
  const auto merges = text_of("pair/merges.txt");
  for (const auto* text : {"", "[]", "3", "{\"a\": ", "<html>"})
    CHECK_THAT(complaint_about_pair(text, merges), ContainsSubstring("vocab.json is not a JSON object"));
  CHECK_THAT(complaint_about_tokens([](json& t) { t["a"] = t["b"]; }),
             ContainsSubstring("vocab.json is damaged: tokens \"a\" and \"b\" both have the id 65"));
  for (const json& id : {json(-1), json(1.5), json("7"), json(), json(1 << 20), json(~0ULL)})
    CHECK_THAT(
        complaint_about_tokens([&](json& t) { t["a"] = id; }),
        ContainsSubstring("token \"a\" has the id " + id.dump() + ", which is not a whole number from 0 to 1048575"));
  CHECK_THAT(complaint_about_tokens([](json& t) { t.erase("<|startoftext|>"); }),
             ContainsSubstring("it has no token \"<|startoftext|>\""));
  CHECK_THAT(complaint_about_tokens([](json& t) { t.erase("<|endoftext|>"); }),
             ContainsSubstring("it has no token \"<|endoftext|>\""));
}

TEST_CASE("merges that do not belong to the tokens are refused") {
  CHECK_THAT(complaint_about_tokens([](json& t) { t.erase("shoe</w>"); }),
             ContainsSubstring("vocab.json with merges.txt is damaged: the merge of \"sho\" and \"e</w>\" needs token "
                               "\"shoe</w>\", which the vocabulary does not have"));
  CHECK_THAT(complaint_about_tokens([](json& t) { t.erase("sho"); }), ContainsSubstring("needs token \"sho\""));
  const auto tokens = text_of("pair/vocab.json");
  const auto merges = text_of("pair/merges.txt");
  CHECK_THAT(complaint_about_pair(tokens, "#version: 0.2\nt h\nth\n"),
             ContainsSubstring("merges.txt, line 3, is damaged: \"th\" is not a merge of two tokens"));
  for (const auto* line : {"a b c", " b", "a ", "a  b", "\x01"})
    CHECK_THAT(complaint_about_pair(tokens, line), ContainsSubstring("line 1, is damaged: "));
  CHECK_THAT(complaint_about_pair(tokens, merges.substr(0, merges.find('\n', merges.size() / 2) + 1)),
             ContainsSubstring("merges makes the token"));
}

TEST_CASE("a tokenizer.json that is damaged or not CLIP's is refused") {
  CHECK_THAT(complaint_about_json([](json& f) { f = json::array(); }), ContainsSubstring("is not a JSON object"));
  CHECK_THAT(complaint_about_json([](json& f) { f.erase("model"); }), ContainsSubstring("it has no object \"model\""));
  CHECK_THAT(complaint_about_json([](json& f) { f["model"]["type"] = "Unigram"; }),
             ContainsSubstring("is not a CLIP tokenizer: its model is \"Unigram\" with the end of word \"</w>\""));
  CHECK_THAT(complaint_about_json([](json& f) { f["model"]["end_of_word_suffix"] = nullptr; }),
             ContainsSubstring("its model is \"BPE\" with the end of word null"));
  CHECK_THAT(complaint_about_json([](json& f) { f["model"]["vocab"] = json::array(); }),
             ContainsSubstring("it has no object \"vocab\""));
  CHECK_THAT(complaint_about_json([](json& f) { f["model"].erase("merges"); }),
             ContainsSubstring("it has no array \"merges\""));
  for (const json& merge : {json(3), json({"a"}), json({"a", 3}), json("ab")})
    CHECK_THAT(complaint_about_json([&](json& f) { f["model"]["merges"][0] = merge; }),
               ContainsSubstring("is not a merge of two tokens"));
  CHECK_THAT(complaint_about_json([](json& f) { f["added_tokens"] = {3}; }),
             ContainsSubstring("it has no string \"content\""));
  CHECK_THAT(complaint_about_json([](json& f) { f["added_tokens"][0]["id"] = 0; }),
             ContainsSubstring("tokens \"!\" and \"<|startoftext|>\" both have the id 0"));
}

TEST_CASE("a tokenizer.json may have its merges as texts, no type, and special tokens only in their own list") {
  const Scratch scratch;
  auto file = json::parse(text_of("json/tokenizer.json"));
  file["model"].erase("type");
  for (const auto* name : {"<|startoftext|>", "<|endoftext|>"}) file["model"]["vocab"].erase(name);
  for (auto& merge : file["model"]["merges"]) merge = merge[0].get<std::string>() + " " + merge[1].get<std::string>();
  scratch.write("tokenizer.json", file.dump());
  CHECK(ClipTokenizer::of_checkpoint(scratch / ".")->serialise() ==
        ClipTokenizer::of_checkpoint(data / "pair")->serialise());
}

TEST_CASE("a compressed vocabulary that is truncated at any length is refused") {
  const auto whole = text_of("public/bpe_simple_vocab_16e6.txt.gz");
  for (std::size_t length = 0; length < whole.size(); length += length < 40 || length + 40 > whole.size() ? 1 : 97) {
    INFO("length " << length);
    CHECK_THAT(complaint_about_public(whole.substr(0, length)),
               ContainsSubstring(length < 2 ? "is not a CLIP vocabulary: its first line is" : "is truncated"));
  }
}

TEST_CASE("no changed byte of a compressed vocabulary goes unnoticed") {
  const auto whole = text_of("public/bpe_simple_vocab_16e6.txt.gz");
  const Scratch scratch;
  const auto expected = ClipTokenizer::of_checkpoint(data / "public")->serialise();
  for (std::size_t at = 0; at < whole.size(); at += at < 20 ? 1 : 53) {
    INFO("byte " << at);
    auto bytes = whole;
    bytes[at] = char(bytes[at] ^ 0x55);
    const auto file = scratch.write("vocabulary.txt.gz", bytes);
    std::string read;
    const auto error = error_of([&] { read = ClipTokenizer::of_vocabulary(file).serialise(); });
    CHECK((error ? error->code() == ErrorCode::input : read == expected));
  }
}

TEST_CASE("a file that is not a vocabulary is refused with its first line or wrong token") {
  CHECK_THAT(complaint_about_public("<!DOCTYPE html>\n<html>"),
             ContainsSubstring("is not a CLIP vocabulary: its first line is \"<!DOCTYPE html>\\n\""));
  CHECK_THAT(complaint_about_public("#version: 0.2\nt h\noops\n"),
             ContainsSubstring("vocabulary.txt.gz, line 3, is damaged: \"oops\" is not a merge of two tokens"));
  CHECK_THAT(complaint_about_public("#version: 0.2\nt h\nt h\n"),
             ContainsSubstring("token \"th\" has the ids 512 and 513"));
  CHECK_THAT(complaint_about_public("#version: 0.2\nt hx\n"), ContainsSubstring("needs token \"hx\""));
  const Scratch scratch;
  CHECK(error_of([&] { ClipTokenizer::of_vocabulary(scratch / "none.txt"); })->code() == ErrorCode::input);
  CHECK(error_of([&] { ClipTokenizer::of_vocabulary(scratch / "."); })->code() == ErrorCode::input);
}

TEST_CASE("a small file that unpacks to a huge one is refused before it fills the memory") {
  CHECK_THAT(complaint_about_public(gzip_bomb(65 << 20)),
             ContainsSubstring("is not a vocabulary: it has more than 64"));
}

TEST_CASE("a damaged record names where it comes from") {
  CHECK_THAT(complaint([] { matcher::model::parse_tokenizer("{", "shelf.pt (tokenizer.json)"); }),
             ContainsSubstring("shelf.pt (tokenizer.json) is not a JSON object"));
  CHECK_THAT(complaint_about_record([](json& f) { f["schema"] = "matcher.tokenizer/9"; }),
             ContainsSubstring(
                 "shelf.pt (tokenizer.json) has the schema \"matcher.tokenizer/9\", not \"matcher.tokenizer/1\""));
  CHECK_THAT(complaint_about_record([](json& f) { f.erase("tokens"); }), ContainsSubstring("no array \"tokens\""));
  CHECK_THAT(complaint_about_record([](json& f) { f["tokens"][5] = 5; }),
             ContainsSubstring("token \"5\" is not a text"));
  CHECK_THAT(complaint_about_record([](json& f) { f["tokens"][5] = "a"; }),
             ContainsSubstring("token \"a\" has the ids 5 and 64"));
  CHECK_THAT(complaint_about_record([](json& f) { f.erase("merges"); }), ContainsSubstring("no array \"merges\""));
  for (const json& merge : {json(3), json({1}), json({1, -1}), json({1, 99999}), json({1, "a"}), json({1, 2, 3})})
    CHECK_THAT(complaint_about_record([&](json& f) { f["merges"][3] = merge; }),
               ContainsSubstring("is not a merge of two tokens"));
}
