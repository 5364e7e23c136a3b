#include "matcher/model/torch/torch_network.hpp"

#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <torch/csrc/jit/serialization/export.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <limits>
#include <optional>
#include <random>

#include "matcher/core/error.hpp"
#include "matcher/model/cpu/kernels.hpp"
#include "matcher/model/torch/cuda/network.hpp"
#include "matcher/model/torch/failure.hpp"
#include "matcher/model/torch/foreign/convolutions.hpp"
#include "matcher/model/torch/forward.hpp"
#include "matcher/model/torch/mapped_module.hpp"
#include "matcher/model/torch/module.hpp"
#include "matcher/model/torch/output.hpp"
#include "matcher/model/torch/packed.hpp"
#include "matcher/model/torch/runtime.hpp"
#include "matcher/process/blas.hpp"
#include "matcher/process/openmp.hpp"

namespace matcher::model {
namespace {

/// Keeps `automatic` until the network is loaded: only some networks can be packed.
Precision on_cpu(Precision precision) {
  if (precision != Precision::fp16) return precision;
  throw Error(ErrorCode::resource,
              "precision fp16 needs a GPU, but the device is cpu; use --precision bf16 or --precision fp32");
}

/// Tokens per thread in a batch: few enough for the shared cache, and enough to pay for loading a weight matrix.
constexpr std::size_t rows_per_thread = 260;

class CpuNetwork : public Network {
 public:
  explicit CpuNetwork(const NetworkRequest& request)
      : described_{request.name, request.size},
        output_(request.name, request.output, request.pooling),
        precision_(on_cpu(request.options.precision)) {
    const Quietly quietly;
    make_deterministic(request.options.threads);
    keep_freed_memory();
    if (request.blueprint != nullptr || !map_packed(request.file)) module_ = read_module(request);
    module_.eval();
    guarded(
        ErrorCode::mismatch,
        [&] {
          if (request.blueprint == nullptr) pack_for_cpu();
          if (precision_ == Precision::automatic) precision_ = Precision::fp32;
          if (!packed_) use_all_blas_threads();
          module_.to(outside_type());
          if (request.blueprint == nullptr && !packed_ && is_convolutional(module_)) choose_layout(request.layout);
        },
        [&](const std::string& reason) { return described_.cannot_be_put(device(), precision_, reason); });
  }

  Device device() const override { return {Device::Kind::cpu, 0}; }
  Precision precision() const override { return precision_; }
  Layout layout() const override { return layout_; }

  std::string precision_reason() const override {
    if (!packed_) return "LibTorch computes this network, and bf16 is chosen only for matcher's own kernels";
    return cpu::fastest_precision() == Precision::fp32 ? "bf16 is not faster than fp32 on this processor" : "";
  }

  Matrix run(MatrixView images) override {
    const Quietly quietly;
    const OpenMpThreads threads(openmp_threads(layout_, at::get_num_threads()));
    Matrix all;
    for (std::size_t first = 0; first < images.rows || first == 0; first += at_once_) {
      const auto some = images.slice(first, std::min(at_once_, images.rows - first));
      auto part = guarded(
          ErrorCode::mismatch, [&] { return to_matrix(output_.vectors(forward(module_, to_tensor(some)), some.rows)); },
          [&](const std::string& reason) {
            return described_.does_not_take_images(some.rows, device(), precision_, reason);
          });
      if (some.rows == images.rows) return part;
      all.data.insert(all.data.end(), part.data.begin(), part.data.end());
      all.rows += part.rows;
      all.cols = part.cols;
    }
    return all;
  }

  Matrix run(PixelBatch) override {
    throw Error(ErrorCode::unexpected, "a network on the CPU takes scaled images, not pixels");
  }

  std::size_t text_length() const override { return model::text_length(module_); }

  Matrix run_texts(std::span<const std::int64_t> ids) override {
    const Quietly quietly;
    const auto length = std::int64_t(text_length()), n = std::int64_t(ids.size()) / length;
    return guarded(
        ErrorCode::mismatch,
        [&] {
          const auto tokens = torch::from_blob(const_cast<std::int64_t*>(ids.data()), {n, length}, at::kLong);
          return to_matrix(encode_text(module_, tokens));
        },
        [&](const std::string& reason) {
          return described_.does_not_take_texts(n, std::size_t(length), precision_, reason);
        });
  }

  void save(Precision precision, const Records& records, const Writer& write) override {
    const Quietly quietly;
    // LibTorch's writer writes again in its destructor, where a failure would end the program. So LibTorch never sees
    // one; it is thrown afterwards.
    std::exception_ptr failure;
    const auto pass_on = [&](const void* data, std::size_t size) -> std::size_t {
      try {
        if (!failure) write({static_cast<const std::byte*>(data), size});
      } catch (...) {
        failure = std::current_exception();
      }
      return size;
    };
    guarded(
        ErrorCode::resource,
        [&] {
          module_.to(at::kCPU, torch_type(precision));
          torch::jit::ExportModule(module_, pass_on, records);
          if (failure) std::rethrow_exception(failure);
        },
        [&](const std::string& reason) {
          return fmt::format("model \"{}\" cannot be written: {}", described_.name, reason);
        });
  }

 private:
  at::Tensor to_tensor(MatrixView images) const {
    const auto size = described_.size;
    const auto shape = {std::int64_t(images.rows), std::int64_t(3), std::int64_t(size.height),
                        std::int64_t(size.width)};
    return torch::from_blob(const_cast<float*>(images.data), shape, at::kFloat)
        .to(outside_type())
        .contiguous(memory_format(layout_));
  }

  /// Some networks do not take another order of memory, because they view tensors in another shape, and some are
  /// slower.
  void choose_layout(Layout layout) {
    const auto original = module_;
    lay_out(original, layout == Layout::automatic ? fastest_layout(original) : layout);
  }

  void lay_out(const torch::jit::Module& original, Layout layout) {
    module_ = arrange(original, layout);
    layout_ = layout;
    at_once_ = images_at_once(layout, std::size_t(at::get_num_threads()));
  }

  /// The fastest layout whose vectors agree with planar ones.
  Layout fastest_layout(const torch::jit::Module& original) {
    std::optional<LayoutTrial> planar;
    auto best = Layout::planar;
    auto least = std::numeric_limits<double>::infinity();
    for (const auto layout : possible_layouts(precision_)) {
      const auto trial = try_layout(original, layout);
      if (layout == Layout::planar) planar = trial;
      if (!trial || !planar || !trial->agrees_with(*planar) || trial->seconds >= least) continue;
      best = layout;
      least = trial->seconds;
    }
    return best;
  }

  struct LayoutTrial {
    double seconds = 0;
    Matrix vectors;

    bool agrees_with(const LayoutTrial& other) const {
      constexpr float allowed = 1e-5f;
      const auto near = [](float a, float b) { return std::abs(a - b) <= allowed * std::max(1.0f, std::abs(b)); };
      return std::ranges::equal(vectors.data, other.vectors.data, near);
    }
  };

  /// Returns the faster of two runs of a few images of noise, after one that makes oneDNN compile its kernels; nothing
  /// if the network refuses.
  std::optional<LayoutTrial> try_layout(const torch::jit::Module& original, Layout layout) try {
    constexpr std::size_t images = 16;
    lay_out(original, layout);
    const auto noise = make_noise(images);
    LayoutTrial trial{std::numeric_limits<double>::infinity(), run(noise.view())};
    for (int again = 0; again < 2; ++again) {
      const auto start = std::chrono::steady_clock::now();
      run(noise.view());
      trial.seconds =
          std::min(trial.seconds, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    return trial;
  } catch (const std::exception&) {
    return std::nullopt;
  }

  Matrix make_noise(std::size_t images) const {
    Matrix noise(images, std::size_t(3) * std::size_t(described_.size.height) * std::size_t(described_.size.width));
    std::minstd_rand random;
    for (auto& value : noise.data) value = float(random() % 1000) / 1000.0f;
    return noise;
  }

  /// The type of everything but packed blocks, which take and return fp32.
  at::ScalarType outside_type() const { return torch_type(packed_ ? Precision::fp32 : precision_); }

  /// Maps the file and packs its weights. Returns false if the network cannot run on packed weights: then the file is
  /// read in the usual way, which also reports what is wrong with it.
  bool map_packed(const std::filesystem::path& file) try {
    auto module = map_module(file);
    if (!module) return false;
    module_ = *std::move(module);
    pack_for_cpu();
    return packed_;
  } catch (const std::exception&) {
    return false;
  }

  void pack_for_cpu() {
    if (packed_) return;
    const auto threads = at::get_num_threads();
    const auto try_in = [&](Precision precision) {
      if (packed_ || (precision_ != precision && precision_ != Precision::automatic)) return;
      const auto side = pack(module_, precision, threads);
      if (!side) return;
      packed_ = true;
      precision_ = precision;
      const auto tokens = std::size_t(described_.size.height / *side * (described_.size.width / *side) + 1);
      at_once_ = std::max<std::size_t>(1, rows_per_thread * std::size_t(std::max(threads, 4)) / tokens);
    };
    try_in(cpu::fastest_precision());
    try_in(Precision::bf16);
    try_in(Precision::fp32);
  }

  Described described_;
  Output output_;
  Precision precision_;
  bool packed_ = false;
  Layout layout_ = Layout::planar;
  std::size_t at_once_ = std::numeric_limits<std::size_t>::max() / 2;  ///< images per pass through the network
  torch::jit::Module module_;
};

}  // namespace

std::unique_ptr<Network> load_network(const NetworkRequest& request) {
  const auto device = resolve(request.options.device);
#ifdef MATCHER_WITH_CUDA
  if (device.kind == Device::Kind::cuda) return load_cuda_network(request, device);
#endif
  return std::make_unique<CpuNetwork>(request);
}

}  // namespace matcher::model
