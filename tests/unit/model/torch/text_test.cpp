// CLIP's text tower: tests/fixtures/make_model_fixtures.py.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <nlohmann/json.hpp>

#include "matcher/model/ensemble.hpp"
#include "matcher/model/export.hpp"
#include "matcher/model/golden.hpp"
#include "matcher/model/network/torch_plugin.hpp"
#include "unit/model/torch/loading.hpp"

using namespace matcher;
using namespace matcher::test;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::Equals;

namespace {

constexpr Device cpu{Device::Kind::cpu, 0};
constexpr auto no_description = [](const model::Bundle&) { return std::string(); };

NpyArray vectors_of(const std::string& name) { return parse_npy(read_text(fixture(name) / "text_expected.npy"), name); }

/// The ids [n, t] of a fixture: int64, which parse_npy() does not take.
std::vector<std::int64_t> ids_of(const std::string& name) {
  const auto text = read_text(fixture(name) / "text_ids.npy");
  const auto start = text.find('\n') + 1;
  std::vector<std::int64_t> ids((text.size() - start) / sizeof(std::int64_t));
  std::memcpy(ids.data(), text.data() + start, ids.size() * sizeof(std::int64_t));
  return ids;
}

model::Exported export_to(const fs::path& file, const fs::path& checkpoint, const fs::path& vocabulary = {}) {
  return model::export_checkpoint({"net", checkpoint, file, Precision::fp32, "", "", vocabulary}, no_description);
}

std::unique_ptr<model::Embedder> load_exported(model::Bundle bundle, const fs::path& file) {
  bundle.path = file;
  return model::load(bundle, {cpu, Precision::fp32, 1});
}

void check_equal(const Matrix& vectors, const NpyArray& expected) {
  REQUIRE(expected.shape == std::vector<std::size_t>{vectors.rows, vectors.cols});
  for (std::size_t i = 0; i < vectors.data.size(); ++i)
    CHECK(vectors.data[i] == Approx(expected.values[i]).margin(2e-5));
}

/// A copy of the checkpoint with a vocabulary, to be damaged.
fs::path copy_of_words(const Scratch& scratch) {
  fs::copy(fixture("clip-words"), scratch / "words");
  return scratch / "words";
}

std::string refusal(const fs::path& file, const fs::path& checkpoint, const fs::path& vocabulary = {}) {
  const auto error = error_of([&] { export_to(file, checkpoint, vocabulary); });
  CHECK_FALSE(fs::exists(file));
  return error ? error->what() : "no error";
}

}  // namespace

TEST_CASE("text towers give the vectors of transformers for its token ids") {
  const auto* name = GENERATE("clip-quick-gelu", "clip-gelu", "clip-old-end", "clip-early", "clip-words", "siglip",
                              "siglip-exact", "open-clip", "open-clip-options", "open-clip-siglip", "open-clip-pe");
  INFO(name);
  const Scratch scratch;
  const auto file = scratch / "net.pt";
  const auto bundle = export_to(file, fixture(name)).bundle;
  const auto network =
      model::torch_plugin().load({"net", file, nullptr, bundle.preprocess.output(), {cpu, Precision::fp32, 1}});
  REQUIRE(network->text_length() == 12);
  check_equal(network->run_texts(ids_of(name)), vectors_of(name));
}

TEST_CASE("texts and images may be mixed in a batch") {
  const Scratch scratch;
  const auto file = scratch / "net.pt";
  const auto exported = export_to(file, fixture("clip-words"));
  CHECK(exported.takes_texts);
  const auto embedder = load_exported(exported.bundle, file);
  REQUIRE(embedder->takes_texts());
  std::vector<model::Sample> texts;
  for (const auto& text : nlohmann::json::parse(read_text(fixture("clip-words") / "words.json")))
    texts.push_back({{}, text.get<std::string>()});
  check_equal(embedder->embed(texts), vectors_of("clip-words"));

  const model::Sample picture{{std::vector<float>(3 * 16 * 16, 0.3f)}};
  const std::vector mixed{texts[1], picture, texts[0]};
  const auto vectors = embedder->embed(mixed);
  const auto alone = embedder->embed(std::span(&picture, 1));
  CHECK(std::ranges::equal(vectors.row(1), alone.row(0)));
  CHECK(vectors.row(2)[0] == Approx(vectors_of("clip-words").values[0]).margin(2e-5));
}

TEST_CASE("the golden sample has a text if the model takes texts") {
  const Scratch scratch;
  const auto file = scratch / "net.pt";
  const auto embedder = load_exported(export_to(file, fixture("clip-words")).bundle, file);
  const auto golden = model::read_golden(file);
  REQUIRE(golden);
  const model::Sample text{{}, golden->text};
  const auto vector = embedder->embed(std::span(&text, 1));
  check_equal(vector, golden->text_embedding);
  export_to(file, fixture("dinov2-same"));
  CHECK(model::read_golden(file)->text.empty());
}

TEST_CASE("texts are refused without a vocabulary, and without a text tower") {
  const Scratch scratch;
  const auto file = scratch / "net.pt";
  const auto* name = GENERATE("clip-gelu", "dinov2-same");
  const auto exported = export_to(file, fixture(name));
  CHECK(exported.has_text_tower == (std::string(name) == "clip-gelu"));
  const auto embedder = load_exported(exported.bundle, file);
  CHECK_FALSE(embedder->takes_texts());
  const model::Sample text{{}, "red apple"};
  const auto error = error_of([&] { embedder->embed(std::span(&text, 1)); });
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::usage);
  CHECK_THAT(error->what(), Equals("model \"net\" takes images only; for texts use a CLIP model that was exported with "
                                   "its text tower and vocabulary"));
}

TEST_CASE("a vocabulary of another model is refused") {
  const Scratch scratch;
  const auto file = scratch / "net.pt", checkpoint = copy_of_words(scratch);
  SECTION("beside a text tower that knows fewer tokens") {
    fs::copy(fixture("clip-words") / "vocab.json", scratch / "vocab.json");
    const auto small = scratch / "small";
    fs::copy(fixture("clip-gelu"), small);
    for (const auto* name : {"vocab.json", "merges.txt"}) fs::copy(fixture("clip-words") / name, small / name);
    CHECK_THAT(refusal(file, small), ContainsSubstring(" tokens, but the text tower of ") &&
                                         ContainsSubstring(" knows 120; fetch both again from one place"));
  }
  SECTION("that ends a text elsewhere") {
    auto config = nlohmann::json::parse(read_text(checkpoint / "config.json"));
    config["text_config"]["eos_token_id"] = 7;
    scratch.write("words/config.json", config.dump());
    CHECK_THAT(refusal(file, checkpoint),
               ContainsSubstring("ends a text with token ") && ContainsSubstring(" ends it with 7; fetch"));
  }
  SECTION("with one file of two") {
    fs::remove(checkpoint / "merges.txt");
    CHECK_THAT(refusal(file, checkpoint), ContainsSubstring("merges.txt"));
  }
  SECTION("given for a network without a text tower") {
    CHECK_THAT(refusal(file, fixture("dinov2-same"), checkpoint / "vocab.json"),
               ContainsSubstring("has no text tower; leave --vocabulary out"));
  }
}

TEST_CASE("an ensemble takes texts when all its members do") {
  const Scratch scratch;
  const auto words = scratch / "words.pt", pictures_only = scratch / "pictures.pt";
  const auto with = export_to(words, fixture("clip-words")).bundle;
  const auto without = export_to(pictures_only, fixture("clip-gelu")).bundle;
  const auto ensemble = [&](const model::Bundle& second, const fs::path& file) {
    std::vector<model::Member> members;
    members.push_back({load_exported(with, words), 1});
    members.push_back({load_exported(second, file), 1});
    return model::make_ensemble(std::move(members));
  };
  CHECK_FALSE(ensemble(without, pictures_only)->takes_texts());
  const auto both = ensemble(with, words);
  REQUIRE(both->takes_texts());
  const model::Sample text{{}, "red apple"};
  const auto vector = both->embed(std::span(&text, 1));
  CHECK(inner_product(vector.row(0), vector.row(0)) == Approx(1));
}
