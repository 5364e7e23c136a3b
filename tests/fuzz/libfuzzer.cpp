// The entry points of libFuzzer. $MATCHER_FUZZ_TARGET names the target.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "fuzz/run.hpp"

namespace {

const matcher::fuzz::Target* target = nullptr;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  const char* name = std::getenv("MATCHER_FUZZ_TARGET");
  target = matcher::fuzz::find_target(name != nullptr ? name : "");
  if (target != nullptr) return 0;
  std::fprintf(stderr, "fuzz: MATCHER_FUZZ_TARGET names no target\n");
  std::exit(2);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto fault = matcher::fuzz::fault_of(*target, {reinterpret_cast<const char*>(data), size});
  if (fault.empty()) return 0;
  std::fprintf(stderr, "fuzz: %s: %s\n", target->name.c_str(), fault.c_str());
  std::abort();
}
