#include "matcher/model/torch/cuda/network.hpp"

#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <torch/script.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <vector>

#include "matcher/core/error.hpp"
#include "matcher/model/network/block_contract.hpp"
#include "matcher/model/torch/cuda/block.hpp"
#include "matcher/model/torch/failure.hpp"
#include "matcher/model/torch/forward.hpp"
#include "matcher/model/torch/module.hpp"
#include "matcher/model/torch/output.hpp"
#include "matcher/model/torch/runtime.hpp"

namespace matcher::model {
namespace {

/// Batches in flight per GPU: while one is computed, the other is copied to or from the GPU.
constexpr int lanes_a_gpu = 2;

/// Everything that one batch needs: the network on its GPU, a stream, and pinned memory, which the GPU copies from and
/// to without the processor.
struct Lane {
  Lane(torch::jit::Module on, int gpu)
      : module(std::move(on)), stream(c10::cuda::getStreamFromPool(false, c10::DeviceIndex(gpu))) {}

  /// Returns a pinned tensor of `shape`; reuses `kept` if it is large enough.
  static at::Tensor room(at::Tensor& kept, at::IntArrayRef shape, at::ScalarType type) {
    const auto count = c10::multiply_integers(shape);
    if (!kept.defined() || kept.numel() < count) kept = at::empty({count}, at::TensorOptions(type).pinned_memory(true));
    return kept.narrow(0, 0, count).view(shape);
  }

  torch::jit::Module module;
  c10::cuda::CUDAStream stream;
  at::Tensor images, vectors;
};

/// Lends the lanes in turn, so that all GPUs get the same share.
class Lanes {
 public:
  void add(Lane lane) { free_.push_back(&all_.emplace_back(std::move(lane))); }
  int count() const { return int(all_.size()); }
  const torch::jit::Module& module() const { return all_.front().module; }

  class Loan {
   public:
    explicit Loan(Lanes& lanes) : lanes_(lanes), lane_(lanes.take()) {}
    ~Loan() { lanes_.give_back(lane_); }
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    Lane& operator*() const { return *lane_; }

   private:
    Lanes& lanes_;
    Lane* lane_;
  };

 private:
  Lane* take() {
    std::unique_lock lock(mutex_);
    is_free_.wait(lock, [this] { return !free_.empty(); });
    auto* lane = free_.front();
    free_.pop_front();
    return lane;
  }

  void give_back(Lane* lane) {
    const std::lock_guard lock(mutex_);
    free_.push_back(lane);
    is_free_.notify_one();
  }

  std::deque<Lane> all_;  // a deque: lanes must not move
  std::deque<Lane*> free_;
  std::mutex mutex_;
  std::condition_variable is_free_;
};

/// Resolves `automatic`: fp16 for an exported file, whose golden sample lets the caller check it; otherwise the
/// precision of the stored weights.
Precision choose(const NetworkRequest& request, const torch::jit::Module& module) {
  if (request.options.precision != Precision::automatic) return request.options.precision;
  const bool is_known = request.blueprint == nullptr && module.find_method(patches_method);
  return is_known ? Precision::fp16 : request.stored;
}

class CudaNetwork : public Network {
 public:
  CudaNetwork(const NetworkRequest& request, Device device)
      : described_{request.name, request.size},
        output_(request.name, request.output, request.pooling),
        device_(std::move(device)),
        preprocess_(request.preprocess) {
    const Quietly quietly;
    make_deterministic(request.options.threads);
    for (const auto gpu : device_.indices()) add_gpu(request, gpu);
  }

  Device device() const override { return device_; }
  Precision precision() const override { return precision_; }
  bool takes_pixels() const override { return true; }
  int lanes() const override { return lanes_.count(); }
  std::size_t text_length() const override { return model::text_length(lanes_.module()); }

  Matrix run(MatrixView images) override {
    const auto n = std::int64_t(images.rows);
    return run(images.rows, [&](Lane& lane) {
      const auto room = Lane::room(lane.images, {n * std::int64_t(sizeof(float)) * image_length()}, at::kByte);
      std::memcpy(room.data_ptr(), images.data, std::size_t(room.numel()));
      const auto shape = {n, std::int64_t(3), std::int64_t(height()), std::int64_t(width())};
      return torch::from_blob(room.data_ptr(), shape, at::kFloat).to(where(lane), at::kFloat, true);
    });
  }

  Matrix run(PixelBatch images) override {
    const auto n = std::int64_t(images.size());
    return run(images.size(), [&](Lane& lane) {
      const auto room = Lane::room(lane.images, {n, height(), width(), 3}, at::kByte);
      auto* at = room.data_ptr<std::uint8_t>();
      for (const auto& image : images) at = std::copy(image.begin(), image.end(), at);
      return scaled(room.to(where(lane), at::kByte, true));
    });
  }

  Matrix run_texts(std::span<const std::int64_t> ids) override {
    const Quietly quietly;
    const Lanes::Loan loan(lanes_);
    auto& lane = *loan;
    const c10::cuda::CUDAStreamGuard on(lane.stream);
    const auto length = std::int64_t(text_length()), n = std::int64_t(ids.size()) / length;
    return guarded(
        ErrorCode::mismatch,
        [&] {
          const auto tokens = torch::from_blob(const_cast<std::int64_t*>(ids.data()), {n, length}, at::kLong);
          return fetched(encode_text(lane.module, tokens.to(where(lane))), lane);
        },
        [&](const std::string& reason) {
          return described_.does_not_take_texts(n, std::size_t(length), precision_, reason);
        });
  }

  void save(Precision, const Records&, const Writer&) override {
    throw Error(ErrorCode::unexpected, "networks are written from the CPU only; use --device cpu");
  }

 private:
  std::int64_t height() const { return described_.size.height; }
  std::int64_t width() const { return described_.size.width; }
  std::int64_t image_length() const { return 3 * height() * width(); }

  static at::Device where(const Lane& lane) { return lane.stream.device(); }

  void add_gpu(const NetworkRequest& request, int gpu) {
    auto module = read_module(request);
    module.eval();
    precision_ = choose(request, module);
    const c10::cuda::CUDAGuard on{c10::DeviceIndex(gpu)};
    guarded(
        ErrorCode::mismatch,
        [&] {
          module.to(at::Device(at::kCUDA, c10::DeviceIndex(gpu)), torch_type(precision_));
          if (request.blueprint == nullptr && precision_ != Precision::fp32) pack_for_cuda(module, precision_);
        },
        [&](const std::string& reason) { return described_.cannot_be_put(device_, precision_, reason); });
    // The lanes' streams do not wait for the default one.
    c10::cuda::getDefaultCUDAStream(c10::DeviceIndex(gpu)).synchronize();
    for (int i = 0; i < lanes_a_gpu; ++i) lanes_.add({module, gpu});
  }

  /// Computes (pixel * scale - mean) / deviation: pixels [n, h, w, 3] -> [n, 3, h, w], in the order of
  /// image::to_planar.
  at::Tensor scaled(const at::Tensor& pixels) const {
    const auto channels = [&](const std::array<float, 3>& numbers) {
      return torch::tensor({numbers[0], numbers[1], numbers[2]}).view({1, 3, 1, 1}).to(pixels.device());
    };
    auto x = pixels.permute({0, 3, 1, 2}).contiguous().to(at::kFloat);
    return x.mul_(double(preprocess_.scale)).sub_(channels(preprocess_.mean)).div_(channels(preprocess_.deviation));
  }

  template <class Copy>
  Matrix run(std::size_t n, const Copy& copy) {
    const Quietly quietly;
    const Lanes::Loan loan(lanes_);
    auto& lane = *loan;
    const c10::cuda::CUDAStreamGuard on(lane.stream);
    return guarded(
        ErrorCode::mismatch,
        [&] {
          const auto images = copy(lane).to(torch_type(precision_));
          return fetched(output_.vectors(forward(lane.module, images), n), lane);
        },
        [&](const std::string& reason) { return described_.does_not_take_images(n, device_, precision_, reason); });
  }

  /// Waits for the lane, then returns its vectors [n, d].
  static Matrix fetched(const at::Tensor& vectors, Lane& lane) {
    const auto here = Lane::room(lane.vectors, vectors.sizes(), at::kFloat);
    here.copy_(vectors, true);
    lane.stream.synchronize();
    return to_matrix(here);
  }

  Described described_;
  Output output_;
  Device device_;
  image::Preprocess preprocess_;
  Precision precision_ = Precision::fp32;
  Lanes lanes_;
};

}  // namespace

std::unique_ptr<Network> load_cuda_network(const NetworkRequest& request, const Device& device) {
  return std::make_unique<CudaNetwork>(request, device);
}

}  // namespace matcher::model
