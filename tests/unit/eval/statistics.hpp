// Shared by the tests of statistics: tolerance, fixtures of independent programs, and random numbers.
#pragma once

#include <catch2/catch_approx.hpp>
#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

namespace matcher::eval::test {

inline Catch::Approx close_to(double value) { return Catch::Approx(value).margin(1e-6); }

inline nlohmann::json fixture(const std::string& name) {
  std::ifstream in(std::string(MATCHER_TEST_DATA) + "/eval/" + name);
  return nlohmann::json::parse(in);
}

inline std::vector<double> random_values(std::size_t n, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<double> values(n);
  for (auto& value : values) value = double(random() >> 11) * 0x1p-53;
  return values;
}

}  // namespace matcher::eval::test
