// Vocabularies, each tried on texts if it is accepted.
#include <algorithm>

#include "fuzz/target.hpp"
#include "matcher/model/text/clip_tokenizer.hpp"

namespace {

using namespace matcher;
namespace fs = std::filesystem;

void encode(const model::Tokenizer& tokenizer) {
  for (const char* text : {"", "a photo of a cat", "<|endoftext|>\xe2\x82\xac 12's"}) tokenizer.encode(text, 77);
}

void encode_checkpoint(const fs::path& folder) {
  if (const auto tokenizer = model::ClipTokenizer::of_checkpoint(folder)) encode(*tokenizer);
}

/// The two files are divided by a NUL.
void encode_pair(std::string_view input) {
  const auto middle = std::min(input.find('\0'), input.size());
  fuzz::write_file("pair/vocab.json", input.substr(0, middle));
  const auto merges = fuzz::write_file("pair/merges.txt", input.substr(std::min(middle + 1, input.size())));
  encode_checkpoint(merges.parent_path());
}

std::vector<std::string> data(const char* ending) { return fuzz::files_in("tests/data/tokenizer", {ending}, 1 << 16); }

std::vector<std::string> stored_seed() {
  const auto file = fuzz::write_file("seed/bpe_simple_vocab_16e6.txt.gz", data(".gz").at(0));
  return {model::ClipTokenizer::of_vocabulary(file).serialise()};
}

const fuzz::Target tokenizer_json(
    "tokenizer_json",
    [](std::string_view input) {
      encode_checkpoint(fuzz::write_file("tokenizer/tokenizer.json", input).parent_path());
    },
    [] { return data("tokenizer.json"); });

/// Reads the input as a vocabulary file that the user named.
auto reads(const model::TokenizerKind& kind, const char* name) {
  return [&kind, name](std::string_view input) { encode(*kind.read(fuzz::write_file(name, input))); };
}

std::vector<std::string> siglip(const char* folder, const char* ending) {
  return fuzz::files_in(std::string("tests/data/siglip-tokenizer/") + folder, {ending}, 1 << 16);
}

const fuzz::Target gemma("gemma_json", reads(model::gemma_tokenizer, "gemma/tokenizer.json"),
                         [] { return siglip("gemma", "tokenizer.json"); });

// The whole fixtures are too large to be changed byte by byte; the corpus has small models.
const fuzz::Target unigram("unigram_json", [](std::string_view input) {
  const auto folder = fuzz::write_file("unigram/tokenizer.json", input).parent_path();
  if (const auto tokenizer = model::sentencepiece_tokenizer.find(folder)) encode(*tokenizer);
});
const fuzz::Target spiece("sentencepiece", reads(model::sentencepiece_tokenizer, "spiece.model"));

const fuzz::Target pair("tokenizer_pair", encode_pair,
                        [] { return std::vector{data("vocab.json").at(0) + '\0' + data("merges.txt").at(0)}; });

const fuzz::Target vocabulary(
    "vocabulary",
    [](std::string_view input) {
      encode(model::ClipTokenizer::of_vocabulary(fuzz::write_file("bpe_simple_vocab_16e6.txt", input)));
    },
    [] { return data(".gz"); });

const fuzz::Target stored(
    "stored_tokenizer", [](std::string_view input) { encode(*model::parse_tokenizer(std::string(input), "input")); },
    stored_seed);

}  // namespace
