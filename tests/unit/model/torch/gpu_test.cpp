// Networks on a GPU. Label `gpu`; skipped where there is none.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <thread>

#include "matcher/core/error.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/npy.hpp"
#include "matcher/model/export.hpp"
#include "unit/model/torch/loading.hpp"

using namespace matcher;
using namespace matcher::test;

namespace {

const Device gpu{Device::Kind::cuda, 0};

/// Skips the test if `device` is missing.
std::unique_ptr<model::Embedder> load_on(const Device& device, const model::Bundle& bundle, Precision precision) {
  std::string why;
  try {
    return model::load(bundle, {device, precision, 1});
  } catch (const Error& error) {
    if (error.code() != ErrorCode::resource) throw;
    why = error.what();
  }
  SKIP(why);
  return nullptr;
}

/// An exported checkpoint of tests/data.
class Exported {
 public:
  explicit Exported(const std::string& name) : name_(name) {
    const auto file = scratch_ / "net.pt";
    bundle =
        model::export_checkpoint({"net", fixture(name), file, Precision::fp32, "", "", {}}, [](const model::Bundle&) {
          return std::string();
        }).bundle;
    bundle.path = file;
  }

  NpyArray array(const char* file) const { return parse_npy(read_text(fixture(name_) / file), file); }

  std::vector<model::Sample> pictures(std::size_t n) const { return batch_of(array("input.npy"), n); }

  model::Bundle bundle;

 private:
  Scratch scratch_;
  std::string name_;
};

/// The smallest cosine of a row.
double cosine(const Matrix& vectors, const NpyArray& expected) {
  REQUIRE(vectors.cols == expected.shape.at(1));
  double smallest = 1;
  for (std::size_t i = 0; i < vectors.rows; ++i) {
    const auto row = vectors.row(i);
    const std::span<const float> wanted(expected.values.data() + i % expected.shape[0] * vectors.cols, vectors.cols);
    smallest = std::min(
        smallest, inner_product(row, wanted) / std::sqrt(inner_product(row, row) * inner_product(wanted, wanted)));
  }
  return smallest;
}

image::Image drawn(int seed) {
  image::Image image{31, 23, std::vector<std::uint8_t>(31 * 23 * 3)};
  for (std::size_t i = 0; i < image.rgb.size(); ++i)
    image.rgb[i] = std::uint8_t((i * 7 + std::size_t(seed) * 131) % 251);
  return image;
}

}  // namespace

TEST_CASE("on a GPU exported networks give the vectors of transformers") {
  const auto name = GENERATE(from_range(fixture_names()));
  const auto [precision, least] = GENERATE(std::pair{Precision::fp32, 0.999999}, std::pair{Precision::fp16, 0.9995},
                                           std::pair{Precision::bf16, 0.9995});
  const Exported exported(name);
  const auto embedder = load_on(gpu, exported.bundle, precision);
  CHECK(embedder->device() == gpu);
  CHECK(embedder->precision() == precision);
  for (const std::size_t n : {1, 2, 5}) {
    const auto same = cosine(embedder->embed(exported.pictures(n)), exported.array("expected.npy"));
    INFO(name << " in " << to_string(precision) << ", batch of " << n << ": cosine " << same);
    CHECK(same >= least);
  }
}

TEST_CASE("on a GPU automatic precision is 16 bits if the golden sample stays near") {
  const Exported exported("dinov2-same");
  const auto embedder = load_on(gpu, exported.bundle, Precision::automatic);
  CHECK(embedder->precision() == Precision::fp16);
  CHECK(embedder->precision_choice().starts_with("fp16 for \"net\": the golden sample keeps a cosine of 0.9999"));
}

TEST_CASE("a GPU preprocesses pixels as the processor does") {
  const Exported exported("dinov2-same");
  const auto on_gpu = load_on(gpu, exported.bundle, Precision::fp32);
  const auto on_cpu = model::load(exported.bundle, {{Device::Kind::cpu, 0}, Precision::fp32, 1});
  std::vector<model::Sample> pixels, floats;
  for (int i = 0; i < 3; ++i) {
    image::LazyImage image(drawn(i));
    pixels.push_back(on_gpu->prepare(image));
    floats.push_back(on_cpu->prepare(image));
  }
  CHECK(!pixels[0].pixels.empty());
  CHECK(floats[0].pixels.empty());
  CHECK(on_gpu->embed(pixels).data == on_gpu->embed(floats).data);
}

TEST_CASE("batches on the lanes of a GPU do not disturb each other") {
  const auto precision = GENERATE(Precision::fp32, Precision::fp16);
  const Exported exported("clip-gelu");
  const auto embedder = load_on(gpu, exported.bundle, precision);
  REQUIRE(embedder->lanes() > 1);
  std::vector<std::vector<model::Sample>> batches;
  std::vector<Matrix> alone, together(8);
  for (std::size_t i = 0; i < together.size(); ++i) {
    batches.push_back(exported.pictures(3 + i));
    alone.push_back(embedder->embed(batches[i]));
  }
  for (int round = 0; round < 5; ++round) {
    {
      std::vector<std::jthread> threads;
      for (std::size_t i = 0; i < together.size(); ++i)
        threads.emplace_back([&, i] { together[i] = embedder->embed(batches[i]); });
    }
    for (std::size_t i = 0; i < together.size(); ++i) CHECK(together[i].data == alone[i].data);
  }
}

TEST_CASE("several GPUs give the same as one") {
  const Exported exported("dinov2-same");
  const Device both{Device::Kind::cuda, 0, {1}};
  const auto several = load_on(both, exported.bundle, Precision::fp16);
  const auto one = load_on(gpu, exported.bundle, Precision::fp16);
  CHECK(several->lanes() == 2 * one->lanes());
  CHECK(several->device() == both);
  const auto batch = exported.pictures(4);
  for (int i = 0; i < several->lanes(); ++i) CHECK(several->embed(batch).data == one->embed(batch).data);
}

TEST_CASE("on a GPU texts have the same vectors as on the processor") {
  const Exported exported("clip-words");
  const auto on_gpu = load_on(gpu, exported.bundle, Precision::fp32);
  const auto on_cpu = model::load(exported.bundle, {{Device::Kind::cpu, 0}, Precision::fp32, 1});
  REQUIRE(on_gpu->takes_texts());
  const std::vector<model::Sample> texts{{{}, "a red apple"}, {{}, "milk"}};
  const auto there = on_gpu->embed(texts), here = on_cpu->embed(texts);
  for (std::size_t i = 0; i < here.data.size(); ++i) CHECK(std::abs(there.data[i] - here.data[i]) < 1e-4);
}

TEST_CASE("a GPU that is missing is refused") {
  const Exported exported("dinov2-same");
  try {
    model::load(exported.bundle, {{Device::Kind::cuda, 99}, Precision::fp32, 1});
    FAIL("it was taken");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::resource);
    CHECK(std::string(error.what()).starts_with("device cuda:99 is not available: "));
  }
}
