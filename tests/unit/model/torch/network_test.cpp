#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cstdlib>

#include "matcher/model/ensemble.hpp"
#include "unit/model/torch/loading.hpp"

using Catch::Approx;
using Catch::Matchers::ContainsSubstring;
using namespace matcher;
using namespace matcher::test;

namespace {

struct Complaint {
  ErrorCode code;
  std::string text;
};

template <typename Work>
Complaint complaint(const Work& work) {
  const auto error = error_of(work);
  REQUIRE(error);
  const std::string text = error->what();
  INFO(text);
  CHECK(text.find('\n') == std::string::npos);
  return {error->code(), text};
}

Complaint refusal(const model::Bundle& bundle, const model::LoadOptions& options = {}) {
  return complaint([&] { test::load(bundle, options); });
}

void check_mismatch(const std::string& module, const std::string& words) {
  const auto said = refusal(module_bundle(module));
  CHECK(said.code == ErrorCode::mismatch);
  CHECK_THAT(said.text, ContainsSubstring("model \"" + module + "\"") && ContainsSubstring(words));
}

}  // namespace

TEST_CASE("a TorchScript file embeds images") {
  const auto embedder = test::load(module_bundle("mean"));
  CHECK(embedder->dimension() == 3);
  CHECK(embedder->device() == Device{Device::Kind::cpu, 0});
  CHECK(embedder->precision() == Precision::fp32);
  const auto batch = pictures(3);
  const auto vectors = embedder->embed(batch);
  REQUIRE(vectors.rows == 3);
  double sum = 0;
  for (std::size_t i = 0; i < edge * edge; ++i) sum += double(batch[2].tensors[0][i]);
  CHECK(vectors.row(2)[0] == Approx(sum / (edge * edge)).epsilon(1e-5));
  CHECK(embedder->embed({}).rows == 0);
}

TEST_CASE("convolutions give the same vectors in every layout, and the fastest is stored") {
  const Scratch scratch;
  const auto known = scratch / "known";
  const auto bundle = module_bundle("convolutions");
  const auto batch = pictures(3);
  const auto load = [&] { return model::load(bundle, {{Device::Kind::cpu, 0}, Precision::fp32, 1}, known); };
  load();
  fs::path trial;
  for (const auto& entry : fs::directory_iterator(known))
    if (entry.path().filename() != "hashes") trial = entry.path();
  const auto found = read_text(trial);
  const std::vector<std::string> layouts{"planar", "channels-last", "xnnpack"};
  CHECK(std::ranges::any_of(layouts, [&](const auto& layout) { return found == "32 cpu fp32 none " + layout + "\n"; }));

  std::vector<Matrix> vectors;
  for (const auto& layout : layouts) {
    write_atomically(trial, "32 cpu fp32 none " + layout + "\n");
    vectors.push_back(load()->embed(batch));
    CHECK(read_text(trial) == "32 cpu fp32 none " + layout + "\n");
  }
  for (std::size_t i = 0; i < vectors[0].data.size(); ++i) {
    CHECK(vectors[1].data[i] == Approx(vectors[0].data[i]).epsilon(1e-5).margin(1e-5));
    CHECK(vectors[2].data[i] == Approx(vectors[0].data[i]).epsilon(1e-5).margin(1e-5));
  }
}

TEST_CASE("a network that takes only planar images gets them") {
  const auto embedder = test::load(module_bundle("flattened_convolutions"));
  CHECK(embedder->dimension() == 128);
  CHECK(is_finite(embedder->embed(pictures(2)).row(1)));
}

TEST_CASE("bf16 is near fp32 and has a fingerprint of its own") {
  const auto fp32 = test::load(module_bundle("mean"));
  const auto bf16 = test::load(module_bundle("mean"), {{}, Precision::bf16, 1});
  CHECK(bf16->precision() == Precision::bf16);
  CHECK(bf16->fingerprint() != fp32->fingerprint());
  const auto batch = pictures(1);
  CHECK(bf16->embed(batch).data[0] == Approx(fp32->embed(batch).data[0]).epsilon(0.02));
}

TEST_CASE("the output of a network is checked when it is loaded") {
  check_mismatch("map", "returns a tensor [1, 3, 7, 5] of Float for 1 image");
  check_mismatch("tuple", "returns a tuple of 2 values");
  check_mismatch("dictionary", "returns a dictionary of 1 values");
  check_mismatch("integers", "returns a tensor [1, 3] of Int for 1 image, but matcher needs a float tensor [n, d]");
  check_mismatch("one_row", "returns 1 vectors for 2 images");
  check_mismatch("other_size", "does not take images [1, 3, 64, 64]");
  check_mismatch("raises", "AssertionError: ten or more)");
  check_mismatch("no_forward", "forward");
  check_mismatch("nan_for_zeros", "NaN or infinity for 1 of 1 images");
}

TEST_CASE("a dimension other than the description's is refused") {
  auto bundle = module_bundle("mean");
  bundle.dimension = 4;
  bundle.origin = "configs/models/mean.yaml";
  const auto said = refusal(bundle);
  CHECK(said.code == ErrorCode::mismatch);
  CHECK_THAT(said.text, ContainsSubstring("vectors of 3 numbers, but configs/models/mean.yaml says 4"));
}

TEST_CASE("NaN for one image leaves the vectors of the others, unless all must be finite") {
  const auto embedder = test::load(module_bundle("nan"));
  auto batch = pictures(4);
  for (auto& sample : batch) {
    auto& planes = sample.tensors[0];
    planes[0] = planes[edge * edge] = planes[2 * edge * edge] = 0;
  }
  CHECK(embedder->embed(batch).rows == 4);
  batch[1].tensors[0][0] = batch[3].tensors[0][0] = 1;
  const auto vectors = embedder->embed(batch);
  for (std::size_t i = 0; i < 4; ++i) CHECK(is_finite(vectors.row(i)) == (i % 2 == 0));
  const auto said = complaint([&] { model::embed_finite(*embedder, batch); });
  CHECK(said.code == ErrorCode::mismatch);
  CHECK(said.text == "the model returns NaN or infinity for it in fp32. Use another export of the model");
}

TEST_CASE("a network's warnings do not reach stderr") {
  const Scratch scratch;
  const auto file = scratch.write("stderr.txt", "");
  const int kept = ::dup(STDERR_FILENO), captured = ::open(file.c_str(), O_WRONLY);
  ::dup2(captured, STDERR_FILENO);
  test::load(module_bundle("warns"))->embed(pictures(1));
  ::dup2(kept, STDERR_FILENO);
  ::close(captured);
  ::close(kept);
  CHECK(read_text(file).empty());
}

TEST_CASE("a sample of another size is refused") {
  const auto embedder = test::load(module_bundle("mean"));
  std::vector<model::Sample> batch(1, {{std::vector<float>(5)}});
  CHECK(complaint([&] { embedder->embed(batch); }).code == ErrorCode::mismatch);
}

TEST_CASE("a missing device or precision is refused") {
  const auto gpu = refusal(module_bundle("mean"), {{Device::Kind::cuda, 99}, Precision::automatic, 1});
  CHECK(gpu.code == ErrorCode::resource);
  CHECK_THAT(gpu.text,
             ContainsSubstring("device cuda:99 is not available: this ") && ContainsSubstring("use --device cpu"));
  const auto half = refusal(module_bundle("mean"), {{Device::Kind::cpu, 0}, Precision::fp16, 1});
  CHECK(half.code == ErrorCode::resource);
  CHECK_THAT(half.text, ContainsSubstring("fp16"));
}

TEST_CASE("a truncated or other file is refused with the next command") {
  const Scratch scratch;
  const auto whole = read_text(module_bundle("mean").path);
  for (const auto& bytes :
       {whole.substr(0, whole.size() / 2), whole.substr(0, whole.size() - 1), std::string("text")}) {
    auto bundle = file_bundle(scratch.write("x.pt", bytes));
    bundle.get = "cp /media/x.pt models/";
    const auto said = refusal(bundle);
    CHECK(said.code == ErrorCode::input);
    CHECK_THAT(said.text, ContainsSubstring("x.pt is") && ContainsSubstring("with: cp /media/x.pt models/"));
  }
}

TEST_CASE("an archive with a valid directory and wrong contents is refused in one sentence") {
  const Scratch scratch;
  auto bytes = read_text(module_bundle("mean").path);
  for (auto at = bytes.find("mean/data.pkl"); at < bytes.find("PK\1\2"); ++at) bytes[at] = '?';
  const auto said = refusal(file_bundle(scratch.write("x.pt", bytes)));
  CHECK(said.code == ErrorCode::input);
  CHECK_THAT(said.text, ContainsSubstring("x.pt is not a TorchScript file that LibTorch"));
}

TEST_CASE("an ensemble of networks concatenates their vectors") {
  std::vector<model::Member> members;
  members.push_back({test::load(module_bundle("mean")), 1});
  members.push_back({test::load(builtin_bundle("colour-layout")), 3});
  const auto both = model::make_ensemble(std::move(members));
  CHECK(both->dimension() == 387);
  image::LazyImage grey(image::Image{80, 70, std::vector<std::uint8_t>(80 * 70 * 3, 99)});
  const std::array batch{both->prepare(grey)};
  const auto vectors = both->embed(batch);
  CHECK(inner_product(vectors.row(0), vectors.row(0)) == Approx(1));
}

TEST_CASE("a real network of $MATCHER_TEST_MODELS embeds alike in batches of one and of many") {
  const char* folder = std::getenv("MATCHER_TEST_MODELS");
  const auto file = fs::path(folder == nullptr ? "" : folder) / "mobilenet-v2.pt";
  if (folder == nullptr || !fs::exists(file)) SKIP("set $MATCHER_TEST_MODELS to a folder with mobilenet-v2.pt");
  auto bundle = file_bundle(file);
  bundle.dimension = 1280;
  const auto embedder = test::load(bundle);
  const auto batch = pictures(3);
  const auto together = embedder->embed(batch);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto alone = embedder->embed(std::span(batch).subspan(i, 1));
    CHECK(inner_product(normalised(alone.view()).row(0), normalised(together.view()).row(i)) ==
          Approx(1).epsilon(1e-5));
  }
}
