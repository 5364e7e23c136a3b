#include "matcher/model/adapted.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "matcher/files/file.hpp"
#include "matcher/model/facts.hpp"
#include "matcher/model/vector_fingerprint.hpp"
#include "unit/model/safetensors_writer.hpp"
#include "unit/model/scratch.hpp"

namespace matcher::model {
namespace {

using Catch::Approx;
using test::error_of;
using test::Scratch;

/// Returns the samples' numbers, 2 per sample.
class Echo : public Embedder {
 public:
  std::size_t dimension() const override { return 2; }
  std::string fingerprint() const override { return "echo"; }
  Device device() const override { return {Device::Kind::cpu, 0}; }
  Precision precision() const override { return Precision::bf16; }
  bool takes_texts() const override { return true; }
  Sample prepare(image::LazyImage&) const override { return {{{3, 4}}}; }
  Matrix embed(std::span<const Sample> batch) override {
    Matrix vectors(batch.size(), 2);
    for (std::size_t i = 0; i < batch.size(); ++i) std::ranges::copy(batch[i].tensors[0], vectors.row(i).begin());
    return vectors;
  }
};

/// Takes (0.5, 0) away, and turns the rest.
refine::LinearMap turn() {
  refine::LinearMap map{{0.5F, 0}, Matrix(2, 2)};
  map.matrix.data = {0, 1, 2, 0};
  return map;
}
const auto turned = turn();

Bundle builtin(const std::string& name) {
  Bundle bundle;
  bundle.name = bundle.builtin = name;
  bundle.preprocess.crop = {8, 8};
  return bundle;
}

Bundle adapted_from(const std::string& base, const fs::path& map) {
  Bundle bundle;
  bundle.name = "shop";
  bundle.path = map;
  bundle.adaptation.method = "lda";
  bundle.adaptation.dataset = "products";
  bundle.adaptation.bases = {{base, 1, builtin(base), {}}};
  bundle.adaptation.base_fingerprint = base_fingerprint(bundle.adaptation.bases);
  return bundle;
}

TEST_CASE("a map says when and where it was made, which is no part of the model") {
  const Scratch scratch;
  const auto file = scratch / "shop.safetensors", earlier = scratch / "earlier.safetensors";
  write_map(file, {turned, {7}}, "name: shop\n", {"2026-03-01T12:00:00Z", "host-1", 1.5});
  write_map(earlier, {turned, {7}}, "name: shop\n");
  const auto text = read_text(file);
  for (const auto* part : {R"("created":"2026-03-01T12:00:00Z")", R"("host":"host-1")", R"("seconds":"1.5")"})
    CHECK(text.find(part) != std::string::npos);
  CHECK(read_text(earlier).find("created") == std::string::npos);
  CHECK(adapted_fingerprint("base", read_map(file).map) == adapted_fingerprint("base", read_map(earlier).map));
  CHECK(fingerprint(adapted_from("colour-layout", file)) == fingerprint(adapted_from("colour-layout", earlier)));
}

TEST_CASE("a map is read as it was written, with its description") {
  const Scratch scratch;
  const auto file = scratch / "shop.safetensors";
  write_map(file, {turned, {7, 9}}, "name: shop\n");
  const auto [map, photos] = read_map(file);
  CHECK(map.mean == turned.mean);
  CHECK(map.matrix.data == turned.matrix.data);
  CHECK(map.matrix.cols == 2);
  CHECK(photos == std::vector<std::uint64_t>{7, 9});
  CHECK(embedded_metadata(file) == "name: shop\n");
  write_map(file, {{{0.5F, 0}, {}}, {}}, "");
  CHECK(read_map(file).map.outputs() == 2);
}

TEST_CASE("a file that is not a map is refused") {
  const Scratch scratch;
  const auto refusal = [&](const test::Tensors& tensors) {
    const auto file = scratch.write("x.safetensors", test::safetensors(tensors));
    const std::string what = error_of([&] { read_map(file); })->what();
    return what.substr(what.find(':') + 2);
  };
  const std::string next = ". Make it again with: matcher adapt";
  CHECK(refusal({}) == "the tensor \"mean\" is missing" + next);
  CHECK(refusal({{"mean", {"F16", {2}, "abcd"}}}) == "the tensor \"mean\" is F16 [2], not F32 with 1 sides" + next);
  CHECK(refusal({{"mean", {"F32", {1}, "abcd"}}}) == "the tensor \"photos\" is missing" + next);
  CHECK(refusal({{"mean", {"F32", {1}, std::string(4, '\0')}},
                 {"matrix", {"F32", {2, 1}, std::string(8, '\0')}},
                 {"photos", {"U64", {0}, ""}}}) == "its mean has 1 numbers, but its matrix 2 rows" + next);
  CHECK(refusal({{"mean", {"F32", {1}, std::string("\0\0\xc0\x7f", 4)}}, {"photos", {"U64", {0}, ""}}}) ==
        "it holds NaN or infinity" + next);
}

TEST_CASE("an adapted embedder maps the unit vectors of its base") {
  const auto embedder = make_adapted(std::make_unique<Echo>(), turned);
  const std::vector<Sample> batch{{{{3, 4}}}, {{{0, 2}}}};
  const auto vectors = embedder->embed(batch);
  // (0.6 - 0.5, 0.8) times the matrix is (1.6, 0.1); (-0.5, 1) gives (2, -0.5).
  CHECK(vectors.row(0)[0] / vectors.row(0)[1] == Approx(16));
  CHECK(vectors.row(1)[0] / vectors.row(1)[1] == Approx(-4));
  CHECK(embedder->precision() == Precision::bf16);
  CHECK(embedder->takes_texts());
  CHECK(embedder->fingerprint() == adapted_fingerprint("echo", turned));
}

TEST_CASE("the fingerprint of mapped vectors holds the base's and the map") {
  const auto same = adapted_fingerprint("echo", turned);
  CHECK(adapted_fingerprint("other", turned) != same);
  auto other = turned;
  other.matrix.data[1] += 1e-6F;
  CHECK(adapted_fingerprint("echo", other) != same);
  other = turned;
  other.mean[0] = 0;
  CHECK(adapted_fingerprint("echo", other) != same);
}

TEST_CASE("an adapted model has the fingerprint that its vectors get, without loading a network") {
  const Scratch scratch;
  write_map(scratch / "shop.safetensors", {turned, {}}, "");
  const auto bundle = adapted_from("colour-layout", scratch / "shop.safetensors");
  const auto of_base = vector_fingerprint(fingerprint(builtin("colour-layout")), Precision::fp32);
  CHECK(vector_fingerprint(bundle, Precision::fp32) == adapted_fingerprint(of_base, turned));
  CHECK(fingerprint(bundle) != fingerprint(builtin("colour-layout")));
  CHECK(size_bytes(bundle) == size_bytes(builtin("colour-layout")) + fs::file_size(bundle.path));
  CHECK(read_facts(bundle).parameters == 6);
}

TEST_CASE("a map with another base than it was learnt with is refused") {
  const Scratch scratch;
  write_map(scratch / "shop.safetensors", {turned, {}}, "");
  auto bundle = adapted_from("colour-layout", scratch / "shop.safetensors");
  CHECK(error_of([&] { check_bases(bundle); }) == std::nullopt);
  bundle.adaptation.bases[0].bundle.preprocess.crop = {9, 9};
  const auto refused = error_of([&] { check_bases(bundle); });
  REQUIRE(refused);
  CHECK(refused->code() == ErrorCode::mismatch);
  const std::string what = refused->what();
  CHECK(what.starts_with("the map of \"shop\" was learnt with another colour-layout ("));
  CHECK(what.ends_with("Learn it again: matcher adapt shop --model colour-layout --dataset products"));
}

TEST_CASE("an adapted model needs its base") {
  const Scratch scratch;
  write_map(scratch / "shop.safetensors", {turned, {}}, "");
  auto bundle = adapted_from("colour-layout", scratch / "shop.safetensors");
  bundle.adaptation.bases[0].problem = "unknown model \"colour-layout\"";
  CHECK(error_of([&] { require_file(bundle); })->what() ==
        std::string("the adapted model \"shop\" needs its base \"colour-layout\": unknown model \"colour-layout\""));
}

TEST_CASE("a photo is known by the first half of its hash") {
  CHECK(photo_number("00000000000000ff1234567812345678") == 255);
  CHECK(photo_number("") == 0);
}

}  // namespace
}  // namespace matcher::model
