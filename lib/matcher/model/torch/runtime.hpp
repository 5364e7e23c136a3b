// Everything that LibTorch keeps for the whole process, and how a network is run: devices, threads, memory, warnings.
#pragma once

#include <torch/script.h>
#include <torch/version.h>

#include "matcher/core/device.hpp"

namespace matcher::model {

/// Silences LibTorch's warnings, which it writes to stderr: a library does not print.
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

/// While it lives, this thread runs networks without gradients and without warnings.
class Quietly {
 private:
  Silence silence_;
  torch_warnings::WarningHandlerGuard warnings_{&silence_};
  c10::InferenceMode inference_;
};

/// Resolves `automatic`. Throws Error(resource) for missing GPUs.
Device resolve(const Device& device);

at::ScalarType torch_type(Precision precision);

/// Process-wide. Makes fp32 mean 32 bits and results repeatable: turns off TF32, and the choice of kernels by timing.
/// `threads` 0: one per core.
void make_deterministic(int threads);

/// Process-wide. Makes malloc keep freed memory. Each layer allocates and frees large tensors; mapping them again every
/// time would cost more page faults than arithmetic.
void keep_freed_memory();

}  // namespace matcher::model
