#include "matcher/model/load/precision.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>

#include "unit/model/scratch.hpp"

using namespace matcher;
using namespace matcher::test;
using model::GoldenSample;

namespace {

constexpr Device cpu{Device::Kind::cpu, 0}, cuda{Device::Kind::cuda, 0};

/// Turns every image into the vector (1, error), where the error depends on the precision.
class Fake : public model::Network {
 public:
  Fake(Device device, Precision precision, float error)
      : device_(std::move(device)), precision_(precision), error_(error) {}
  Device device() const override { return device_; }
  Precision precision() const override { return precision_; }
  std::size_t text_length() const override { return 0; }
  Matrix run(model::PixelBatch) override { return {}; }
  Matrix run_texts(std::span<const std::int64_t>) override { return {}; }
  void save(Precision, const model::Records&, const model::Writer&) override {}
  Matrix run(MatrixView images) override {
    Matrix vectors(images.rows, 2);
    for (std::size_t i = 0; i < images.rows; ++i) {
      vectors.row(i)[0] = 1;
      vectors.row(i)[1] = error_;
    }
    return vectors;
  }

 private:
  Device device_;
  Precision precision_;
  float error_;
};

model::Bundle bundle() {
  model::Bundle bundle;
  bundle.name = "net";
  bundle.preprocess.crop = {1, 1};
  return bundle;
}

std::unique_ptr<model::NetworkEmbedder> embedder(const Device& device, Precision precision, float error) {
  return std::make_unique<model::NetworkEmbedder>(bundle(), std::make_unique<Fake>(device, precision, error), "print",
                                                  2);
}

/// The vector that fp32 gives is (1, 0).
GoldenSample golden() { return {{{1, 3, 1, 1}, {0.1f, 0.2f, 0.3f}}, {{1, 2}, {1, 0}}, {}, {}}; }

/// A loader on a device whose errors in fp16 and bf16 are given; it records what was loaded.
struct Machine {
  Device device;
  Precision automatic;
  float error_fp16 = 0, error_bf16 = 0;
  std::vector<Precision> loaded{};

  model::Chosen choose(const std::optional<GoldenSample>& sample, Precision stored = Precision::fp32) {
    const auto load = [&](Precision asked) {
      const auto precision = asked == Precision::automatic ? automatic : asked;
      loaded.push_back(precision);
      const auto error = precision == Precision::fp16 ? error_fp16 : precision == Precision::bf16 ? error_bf16 : 0;
      return embedder(device, precision, error);
    };
    return model::choose_precision(load, sample, stored);
  }
};

using Loaded = std::vector<Precision>;

}  // namespace

TEST_CASE("fp16 on a GPU widens to bf16, anything else to fp32") {
  CHECK(model::wider(Precision::fp16, cuda) == Precision::bf16);
  CHECK(model::wider(Precision::bf16, cuda) == Precision::fp32);
  CHECK(model::wider(Precision::fp16, cpu) == Precision::fp32);
  CHECK(model::wider(Precision::bf16, cpu) == Precision::fp32);
}

TEST_CASE("16 bits need proof unless a GPU computes in the precision of the file") {
  const auto needs = [](const Device& device, Precision precision, Precision stored) {
    return model::needs_proof(*embedder(device, precision, 0), stored);
  };
  CHECK_FALSE(needs(cpu, Precision::fp32, Precision::fp32));
  CHECK_FALSE(needs(cuda, Precision::fp32, Precision::bf16));
  CHECK(needs(cpu, Precision::bf16, Precision::fp32));
  CHECK(needs(cpu, Precision::bf16, Precision::bf16));
  CHECK(needs(cuda, Precision::fp16, Precision::fp32));
  CHECK_FALSE(needs(cuda, Precision::fp16, Precision::fp16));
}

TEST_CASE("the golden cosine compares the vector here with the stored one") {
  const auto at = [](float error, const std::optional<GoldenSample>& sample) {
    return model::golden_cosine(sample, *embedder(cpu, Precision::bf16, error));
  };
  CHECK(at(0, golden()) == 1);
  CHECK(at(1, golden()) == Catch::Approx(std::sqrt(0.5)));
  CHECK(at(0, std::nullopt) == 0);
  CHECK(at(std::numeric_limits<float>::infinity(), golden()) == 0);  // 16 bits overflowed
  auto longer = golden();
  longer.embedding = {{1, 3}, {1, 0, 0}};
  CHECK(at(0, longer) == 0);
}

TEST_CASE("the first precision that is near enough is kept") {
  Machine machine{cuda, Precision::fp16};
  SECTION("the first") {
    CHECK(machine.choose(golden()).cosine == 1);
    CHECK(machine.loaded == Loaded{Precision::fp16});
  }
  SECTION("the second") {
    machine.error_fp16 = 0.1f;
    CHECK(machine.choose(golden()).embedder->precision() == Precision::bf16);
    CHECK(machine.loaded == Loaded{Precision::fp16, Precision::bf16});
  }
  SECTION("none of 16 bits") {
    machine.error_fp16 = machine.error_bf16 = 0.1f;
    const auto chosen = machine.choose(golden());
    CHECK(chosen.embedder->precision() == Precision::fp32);
    CHECK(chosen.cosine == Catch::Approx(1 / std::sqrt(1.01)));
    CHECK(machine.loaded == Loaded{Precision::fp16, Precision::bf16, Precision::fp32});
  }
  SECTION("no golden sample proves nothing") {
    CHECK(machine.choose(std::nullopt).embedder->precision() == Precision::fp32);
  }
  SECTION("a file of the same precision needs no proof") {
    machine.error_fp16 = 0.1f;
    const auto chosen = machine.choose(std::nullopt, Precision::fp16);
    CHECK(chosen.embedder->precision() == Precision::fp16);
    CHECK_FALSE(chosen.cosine);
  }
}

TEST_CASE("a processor that computes in fp32 has nothing to prove") {
  Machine machine{cpu, Precision::fp32};
  CHECK_FALSE(machine.choose(golden()).cosine);
  CHECK(machine.loaded == Loaded{Precision::fp32});
}

TEST_CASE("the choice is explained in one sentence with the cosine and its limit") {
  CHECK(model::explain(Precision::fp32, cpu, "net", 0.998) ==
        "fp32 for \"net\": in bf16 the golden sample has a cosine of 0.998000 to fp32, below 0.9995");
  CHECK(model::explain(Precision::bf16, cpu, "net", 0.99991) ==
        "bf16 for \"net\": this processor multiplies in it, and the golden sample keeps a cosine of 0.999910 to fp32");
  CHECK(model::explain(Precision::fp16, cuda, "net", 1) ==
        "fp16 for \"net\": the golden sample keeps a cosine of 1.000000 to fp32");
}
