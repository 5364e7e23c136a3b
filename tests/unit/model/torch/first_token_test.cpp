// Where only the first token of the last block is looked at, the others are not computed; elsewhere they must be.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <fstream>

#include "matcher/files/npy.hpp"
#include "matcher/model/cpu/kernels.hpp"
#include "matcher/model/families/families.hpp"
#include "matcher/model/network/torch_plugin.hpp"
#include "unit/model/torch/loading.hpp"

using namespace matcher;
using namespace matcher::test;

namespace {

const model::LoadOptions options{{Device::Kind::cpu, 0}, Precision::fp32, 2};

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

struct Ways {
  Matrix as_written, packed;  ///< vectors by LibTorch, and by our kernels
};

/// A small DINOv2 whose vector is `pooled` of the last block's tokens `x`.
Ways both_ways(const std::string& pooled) {
  const fs::path folder = fixture("dinov2-same");
  model::Checkpoint checkpoint(folder);
  auto network = model::dinov2_family.read(checkpoint).network;
  network.source = replaced(network.source, "x[:, 0]", pooled);
  const auto input = parse_npy(read_text(folder / "input.npy"), "input.npy");
  const image::Size size{int(input.shape.at(2)), int(input.shape.at(3))};
  const MatrixView pictures{input.values.data(), input.shape[0], input.values.size() / input.shape[0]};

  const Scratch scratch;
  const auto file = scratch / "net.pt";
  const auto written = model::torch_plugin().load({"net", "", &network, size, options});
  Ways ways{written->run(pictures), {}};
  std::ofstream out(file, std::ios::binary);
  written->save(Precision::fp32, {}, [&](auto bytes) {
    out.write(reinterpret_cast<const char*>(bytes.data()), std::streamsize(bytes.size()));
  });
  out.close();
  ways.packed = model::torch_plugin().load({"net", file, nullptr, size, options})->run(pictures);
  return ways;
}

}  // namespace

TEST_CASE("the kernels compute all tokens that a network uses") {
  if (model::cpu::kernels(Precision::fp32) == nullptr) SKIP("this processor has no instructions for fp32 kernels");
  const std::string pooled = GENERATE("x[:, 0]", "x[0:, 0]", "x[:, 1]", "x[:, -1]", "x.mean(1)", "x[1:, 0]",
                                      "x[:, 1:].mean(1)", "x[:, 0:1].squeeze(1)", "(x[:, 0] + x.sum(1))", "x[::1, 0]");
  CAPTURE(pooled);
  const auto [as_written, packed] = both_ways(pooled);
  REQUIRE(packed.rows == as_written.rows);
  REQUIRE(packed.cols == as_written.cols);
  for (std::size_t i = 0; i < packed.data.size(); ++i)
    CHECK_THAT(packed.data[i], Catch::Matchers::WithinAbs(double(as_written.data[i]), 2e-5));
}
