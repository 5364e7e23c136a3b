#include "matcher/model/torch/network.hpp"

#include <ATen/Parallel.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <fmt/format.h>
#include <malloc.h>
#include <torch/csrc/jit/python/update_graph_executor_opt.h>
#include <torch/csrc/jit/serialization/export.h>
#include <torch/version.h>

#include <algorithm>
#include <exception>
#include <limits>

#include "matcher/core/error.hpp"
#include "matcher/model/torch/failure.hpp"
#include "matcher/model/torch/module.hpp"
#include "matcher/model/torch/output.hpp"
#include "matcher/model/torch/packed.hpp"

namespace matcher::model {
namespace {

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

bool built_with_cuda() { return at::CUDAHooksRegistry()->Has("CUDAHooks"); }

int gpu_count() { return built_with_cuda() ? at::detail::getCUDAHooks().getNumGPUs() : 0; }

[[noreturn]] void fail_device(Device device) {
  const auto why = built_with_cuda() ? fmt::format("this LibTorch sees {} GPUs", gpu_count())
                                     : std::string("this LibTorch was built without CUDA");
  throw Error(ErrorCode::resource,
              fmt::format("device {} is not available: {}; use --device cpu", to_string(device), why));
}

Device resolve(Device device) {
  if (device.kind == Device::Kind::automatic)
    return gpu_count() > 0 ? Device{Device::Kind::cuda, 0} : Device{Device::Kind::cpu, 0};
  if (device.kind == Device::Kind::cuda && device.index >= gpu_count()) fail_device(device);
  return device;
}

/// On the CPU `automatic` stays, until it is known what the network is made of.
Precision resolve(Precision precision, Precision stored, Device device) {
  if (precision == Precision::automatic && device.kind == Device::Kind::cuda) return stored;
  if (precision == Precision::fp16 && device.kind == Device::Kind::cpu) {
    throw Error(ErrorCode::resource,
                "precision fp16 needs a GPU, but the device is cpu; use --precision bf16 or --precision fp32");
  }
  return precision;
}

at::Device torch_device(Device device) {
  return device.kind == Device::Kind::cuda ? at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(device.index))
                                           : at::Device(at::kCPU);
}

at::ScalarType torch_type(Precision precision) {
  if (precision == Precision::bf16) return at::kBFloat16;
  return precision == Precision::fp16 ? at::kHalf : at::kFloat;
}

/// Large tensors come and go with every layer. malloc would map each of them anew, so that a layer spends its time on
/// page faults; this way it keeps what it has.
void keep_memory() {
  constexpr int largest_threshold = 32 << 20, kept = 1 << 30, ahead = 16 << 20;  // bytes; malloc allows no larger first
  ::mallopt(M_MMAP_THRESHOLD, largest_threshold);
  ::mallopt(M_TRIM_THRESHOLD, kept);
  ::mallopt(M_TOP_PAD, ahead);
}

/// fp32 means 32 bits: TF32 and the choice of kernels by stopwatch are off.
void make_deterministic(int threads) {
  static const int all_cores = at::get_num_threads();
  at::set_num_threads(threads > 0 ? threads : all_cores);
  auto& context = at::globalContext();
  context.setBenchmarkCuDNN(false);
  context.setDeterministicCuDNN(true);
  context.setAllowTF32CuDNN(false);
  context.setAllowTF32CuBLAS(false);
}

/// Tokens of a batch for each thread: their activations stay in the cache that cores share, and there are enough of
/// them for a matrix of weights to be worth fetching.
constexpr std::size_t rows_a_thread = 260;

class TorchNetwork : public Network {
 public:
  explicit TorchNetwork(const NetworkRequest& request)
      : name_(request.name),
        size_(request.size),
        output_(request.name, request.output, request.pooling),
        device_(resolve(request.options.device)),
        precision_(resolve(request.options.precision, request.stored, device_)) {
    const Quietly quietly;
    make_deterministic(request.options.threads);
    keep_memory();
    module_ = read_module(request);
    module_.eval();
    guarded(
        ErrorCode::mismatch,
        [&] {
          if (device_.kind == Device::Kind::cpu && request.blueprint == nullptr) pack_for_cpu();
          if (precision_ == Precision::automatic) precision_ = Precision::fp32;
          module_.to(torch_device(device_), outside_type());
        },
        [&](const std::string& reason) {
          return fmt::format("model \"{}\" cannot be put on {} in {}: {}; use --device cpu --precision fp32", name_,
                             to_string(device_), to_string(precision_), reason);
        });
  }

  Device device() const override { return device_; }
  Precision precision() const override { return precision_; }

  Matrix run(MatrixView pictures) override {
    const Quietly quietly;
    Matrix all;
    for (std::size_t first = 0; first < pictures.rows || first == 0; first += at_once_) {
      const auto some = pictures.slice(first, std::min(at_once_, pictures.rows - first));
      auto part = guarded(
          ErrorCode::mismatch, [&] { return to_matrix(output_.vectors(forward(to_tensor(some)), some.rows)); },
          [&](const std::string& reason) { return explain(some.rows, reason); });
      if (some.rows == pictures.rows) return part;
      all.data.insert(all.data.end(), part.data.begin(), part.data.end());
      all.rows += part.rows;
      all.cols = part.cols;
    }
    return all;
  }

  std::size_t text_length() const override {
    const bool reads = module_.find_method("encode_text") && module_.hasattr("text_positions");
    return reads ? std::size_t(module_.attr("text_positions").toTensor().size(0)) : 0;
  }

  Matrix run_texts(std::span<const std::int64_t> ids) override {
    const Quietly quietly;
    const auto length = std::int64_t(text_length()), n = std::int64_t(ids.size()) / length;
    return guarded(
        ErrorCode::mismatch,
        [&] {
          const auto tokens = torch::from_blob(const_cast<std::int64_t*>(ids.data()), {n, length}, at::kLong);
          const torch::jit::GraphOptimizerEnabledGuard as_written(false);
          const auto vectors = module_.get_method("encode_text")({tokens.to(torch_device(device_))});
          return to_matrix(vectors.toTensor());
        },
        [&](const std::string& reason) {
          return fmt::format("model \"{}\" does not take texts [{}, {}] in {} ({}); export it again", name_, n, length,
                             to_string(precision_), reason);
        });
  }

  void save(Precision precision, const Records& records, const Writer& write) override {
    const Quietly quietly;
    std::exception_ptr failure;  // LibTorch's C code in between is no place for an exception
    const auto pass_on = [&](const void* data, std::size_t size) -> std::size_t {
      try {
        if (!failure) write({static_cast<const std::byte*>(data), size});
      } catch (...) {
        failure = std::current_exception();
      }
      return failure ? 0 : size;
    };
    guarded(
        ErrorCode::resource,
        [&] {
          module_.to(at::kCPU, torch_type(precision));
          try {
            torch::jit::ExportModule(module_, pass_on, records);
          } catch (...) {
            if (failure) std::rethrow_exception(failure);
            throw;
          }
          if (failure) std::rethrow_exception(failure);
        },
        [&](const std::string& reason) { return fmt::format("model \"{}\" cannot be written: {}", name_, reason); });
  }

 private:
  at::Tensor to_tensor(MatrixView pictures) const {
    const auto shape = {std::int64_t(pictures.rows), std::int64_t(3), std::int64_t(size_.height),
                        std::int64_t(size_.width)};
    return torch::from_blob(const_cast<float*>(pictures.data), shape, at::kFloat)
        .to(torch_device(device_), outside_type());
  }

  /// Of everything but packed blocks, which take and return 32 bits.
  at::ScalarType outside_type() const { return torch_type(packed_ ? Precision::fp32 : precision_); }

  void pack_for_cpu() {
    const auto threads = at::get_num_threads();
    const auto try_in = [&](Precision precision) {
      if (packed_ || (precision_ != precision && precision_ != Precision::automatic)) return;
      const auto side = pack(module_, precision, threads);
      if (!side) return;
      packed_ = true;
      precision_ = precision;
      const auto tokens = std::size_t(size_.height / *side * (size_.width / *side) + 1);
      at_once_ = std::max<std::size_t>(1, rows_a_thread * std::size_t(std::max(threads, 4)) / tokens);
    };
    try_in(Precision::bf16);
    try_in(Precision::fp32);
  }

  c10::IValue forward(const at::Tensor& pictures) {
    const torch::jit::GraphOptimizerEnabledGuard as_written(false);
    return module_.forward({pictures});
  }

  static Matrix to_matrix(const at::Tensor& tensor) {
    const auto vectors = tensor.to(at::kCPU, at::kFloat).contiguous();
    Matrix matrix(std::size_t(vectors.size(0)), std::size_t(vectors.size(1)));
    std::copy_n(vectors.data_ptr<float>(), matrix.data.size(), matrix.data.begin());
    return matrix;
  }

  std::string explain(std::size_t n, const std::string& reason) const {
    if (is_out_of_memory(reason)) {
      return fmt::format(
          "model \"{}\" ran out of memory on {} with {} pictures at once ({}); use a smaller "
          "--batch-size",
          name_, to_string(device_), n, reason);
    }
    return fmt::format(
        "model \"{}\" does not take pictures [{}, 3, {}, {}] in {} ({}); correct \"preprocess\" in its "
        "description, or export the model for this size",
        name_, n, size_.height, size_.width, to_string(precision_), reason);
  }

  std::string name_;
  image::Size size_;
  Output output_;
  Device device_;
  Precision precision_;
  bool packed_ = false;
  std::size_t at_once_ = std::numeric_limits<std::size_t>::max() / 2;  ///< pictures through the network together
  torch::jit::Module module_;
};

}  // namespace

std::unique_ptr<Network> load_network(const NetworkRequest& request) { return std::make_unique<TorchNetwork>(request); }

}  // namespace matcher::model
