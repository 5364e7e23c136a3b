// The one interface that turns pictures into vectors. LibTorch lives behind it, in a plugin that is loaded when the
// first network is needed, because its shared libraries cost a third of a second that `--help` should not pay.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "matcher/core/device.hpp"
#include "matcher/core/matrix.hpp"
#include "matcher/image/image.hpp"
#include "matcher/model/bundle.hpp"

namespace matcher::model {

/// A prepared picture: one planar float tensor [3, h, w] per network (an ensemble has several); or a text in UTF-8,
/// when there is no picture.
struct Sample {
  std::vector<std::vector<float>> pictures;
  std::string text{};
  /// For networks that do the arithmetic of preprocessing themselves, on a GPU: pixels [h, w, 3], and the tensor in the
  /// same place is empty. As many as `pictures`, or none.
  std::vector<std::vector<std::uint8_t>> pixels{};
  bool is_text() const { return pictures.empty(); }
};

class Embedder {
 public:
  virtual ~Embedder() = default;
  virtual std::size_t dimension() const = 0;
  /// Names exactly what makes the vectors: model bytes, preprocessing, precision.
  virtual std::string fingerprint() const = 0;
  virtual Device device() const = 0;
  virtual Precision precision() const = 0;
  /// What `Precision::automatic` became and why, one sentence; "" when there was nothing to choose.
  virtual std::string precision_choice() const { return {}; }
  virtual bool applies_orientation() const = 0;
  /// Whether texts become vectors in the space of the pictures.
  virtual bool takes_texts() const = 0;
  /// Thread-safe; called on decode threads.
  virtual Sample prepare(const image::Image& image) const = 0;
  /// [n, d], as the network says them (not normalised). Throws Error(mismatch) for a wrong shape, another dimension
  /// than the bundle says, or NaN, Error(usage) for a text that the model does not take.
  virtual Matrix embed(std::span<const Sample> batch) = 0;
  /// Batches that may be embedded at the same time, each by a thread of its own. More than one where a GPU computes one
  /// while the next is copied to it, or where there are several GPUs.
  virtual int lanes() const { return 1; }
};

struct LoadOptions {
  Device device;
  Precision precision = Precision::automatic;
  int threads = 0;  ///< of the network on the CPU; 0: all cores
};

/// Loads the plugin, then the network. Throws Error(resource) for a device that is not there, Error(input) for a file
/// that is no TorchScript or truncated, Error(mismatch) when the network and the bundle disagree (tried on a zero
/// picture). What was tried is remembered in the folder `known` when that is not empty, and not tried again as long as
/// the model, the options, the processor and the versions are the same.
std::unique_ptr<Embedder> load(const Bundle& bundle, const LoadOptions& options,
                               const std::filesystem::path& known = {});

/// Members with weights (positive; scaled to sum 1): unit vectors times the square root of the weight, one after the
/// other, so that the inner product of two ensemble vectors is the weighted mean of the members' cosines.
struct Member {
  std::unique_ptr<Embedder> embedder;
  double weight = 1;
};
std::unique_ptr<Embedder> make_ensemble(std::vector<Member> members);

/// The same on vectors that are there already: parts are [n, d_i] each, the result is [n, sum of d_i].
Matrix concatenate(std::span<const MatrixView> parts, std::span<const double> weights);
std::string ensemble_fingerprint(std::span<const std::string> fingerprints, std::span<const double> weights);

/// The version of LibTorch, for manifests.
std::string libtorch_version();

/// Where the plugin that brings LibTorch lies; it is not opened. Throws Error(resource) when it is not there.
std::filesystem::path libtorch_plugin();

}  // namespace matcher::model
