#include "matcher/core/device.hpp"

#include "unit/core/scratch.hpp"

namespace matcher {
namespace {

TEST_CASE("devices are read as users write them") {
  CHECK(parse_device("auto") == Device{});
  CHECK(parse_device("cpu") == Device{Device::Kind::cpu, 0});
  CHECK(parse_device("cuda") == Device{Device::Kind::cuda, 0});
  CHECK(parse_device("cuda:3") == Device{Device::Kind::cuda, 3});
  CHECK(parse_device("cuda:2,0,11") == Device{Device::Kind::cuda, 2, {0, 11}});
}

TEST_CASE("what is no device is refused with what there is") {
  for (const auto* text : {"gpu", "cuda:", "cuda:-1", "cuda:1x", "cuda:99999999999", "cuda:0,", "cuda:,1", "cuda:0,0",
                           "cuda:0;1", "cuda:0,-1", ""}) {
    CHECK(test::error_of(ErrorCode::usage, [&] { parse_device(text); }) ==
          "unknown device \"" + std::string(text) + "\". Use auto, cpu, cuda, cuda:N or cuda:N,M");
  }
}

TEST_CASE("devices are written as they are read") {
  for (const auto* text : {"auto", "cpu", "cuda:0", "cuda:1", "cuda:1,0,7"})
    CHECK(to_string(parse_device(text)) == text);
}

TEST_CASE("precisions are written as they are read") {
  for (const auto* text : {"auto", "fp32", "bf16", "fp16"}) CHECK(to_string(parse_precision(text)) == text);
}

TEST_CASE("what is no precision is refused with what there is") {
  CHECK(test::error_of(ErrorCode::usage, [] { parse_precision("int8"); }) ==
        "unknown precision \"int8\". Use auto, fp32, bf16 or fp16");
}

}  // namespace
}  // namespace matcher
