// Values in fp32, one per step.
#pragma once

#include "matcher/model/cpu/kernels.hpp"

namespace matcher::model::cpu {
namespace {

struct Element {
  using Value = float;
  using Vector = Floats;
  static constexpr const char* instructions = register_instructions;
  static constexpr std::int64_t step = 1;

  static Vector broadcast(const Value* at) { return Floats::of(*at); }
  static Vector load(const Value* at) { return Floats::load(at); }
  static Floats add_product(Floats sum, Vector a, Vector b) { return multiply_add(a, b, sum); }
  static void store(Value* to, Floats numbers, Mask which) { numbers.store(to, which); }
  static Floats numbers(const Value* at, Mask which) { return Floats::load(at, which); }
  static void interleave(const Value* at, std::int64_t, bool, Mask which, Value* to) {
    Floats::load(at, which).store(to);
  }
};

}  // namespace
}  // namespace matcher::model::cpu
