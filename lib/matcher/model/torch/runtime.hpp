// Where networks run, and how.
#pragma once

#include <torch/script.h>
#include <torch/version.h>

#include "matcher/core/device.hpp"

namespace matcher::model {

/// LibTorch writes its warnings to stderr; a library does not print.
#if TORCH_VERSION_MAJOR >= 2
namespace torch_warnings = c10::WarningUtils;
struct Silence : c10::WarningHandler {
  void process(const c10::Warning&) override {}
};
#else
namespace torch_warnings = c10::Warning;
struct Silence : c10::WarningHandler {
  void process(const c10::SourceLocation&, const std::string&, const bool) override {}
};
#endif

/// How everything here is run: without gradients, without warnings, and with the graph as it was written, because the
/// profiling executor rewrites it after the first calls, which changes the last digits from one batch to the next.
class Quietly {
 private:
  Silence silence_;
  torch_warnings::WarningHandlerGuard warnings_{&silence_};
  c10::InferenceMode inference_;
};

/// Never `automatic`. Throws Error(resource) for GPUs that are not there.
Device resolve(const Device& device);

at::ScalarType torch_type(Precision precision);

/// fp32 means 32 bits: TF32 and the choice of kernels by stopwatch are off. `threads` 0: one a core.
void make_deterministic(int threads);

}  // namespace matcher::model
