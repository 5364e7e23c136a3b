// Turns images and texts into vectors. LibTorch is behind this interface, in a plugin that is opened when the first
// network is needed: loading its libraries takes a third of a second, which `--help` should not pay.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "matcher/core/device.hpp"
#include "matcher/core/matrix.hpp"
#include "matcher/image/lazy_image.hpp"
#include "matcher/model/bundle.hpp"

namespace matcher::model {

/// A prepared image, or a text in UTF-8 if there is no image.
struct Sample {
  std::vector<std::vector<float>> tensors;  ///< planar [3, h, w], Embedder::inputs() of them
  std::string text{};
  /// Pixels [h, w, 3], one per tensor, for networks that preprocess on a GPU; the tensor in the same place is then
  /// empty. As many as `tensors`, or none.
  std::vector<std::vector<std::uint8_t>> pixels{};
  bool is_text() const { return tensors.empty(); }
};

/// The tensors `first` onwards of a sample, `count` of them; a text as it is.
Sample part_of(const Sample& sample, std::size_t first, std::size_t count);

class Embedder {
 public:
  virtual ~Embedder() = default;
  virtual std::size_t dimension() const = 0;
  /// A hash of everything that decides a vector: model bytes, preprocessing, precision.
  virtual std::string fingerprint() const = 0;
  virtual Device device() const = 0;
  virtual Precision precision() const = 0;
  /// Says in one sentence what `Precision::automatic` became, and why; "" if there was no choice.
  virtual std::string precision_choice() const { return {}; }
  /// Says in one sentence why the precision is what it is, where `precision_choice` says nothing; "" if unknown.
  virtual std::string precision_reason() const { return {}; }
  /// True if a network of the embedder ignores the alpha of transparent images.
  virtual bool drops_alpha() const { return false; }
  /// True if texts become vectors in the same space as images.
  virtual bool takes_texts() const = 0;
  /// Tensors per prepared image: an ensemble has several.
  virtual std::size_t inputs() const { return 1; }
  /// Decodes and prepares an image. Thread-safe; called on decode threads. Throws DecodeError.
  virtual Sample prepare(image::LazyImage& image) const = 0;
  /// Returns the network's vectors [n, d], not normalised; a network may return NaN or infinity for an image. Throws
  /// Error(mismatch) for a wrong shape or a dimension other than the bundle's; Error(usage) for a text that the model
  /// does not take.
  virtual Matrix embed(std::span<const Sample> batch) = 0;
  /// How many batches may be embedded at once, each by its own thread. GPUs take several: one batch is computed while
  /// the next is copied.
  virtual int lanes() const { return 1; }
};

/// Says that the model returns NaN or infinity for an item, and what to do.
std::string describe_broken_vector(const Embedder& embedder);

/// Embeds a batch. Throws as Embedder::embed, and Error(mismatch) if a vector has NaN or infinity.
Matrix embed_finite(Embedder& embedder, std::span<const Sample> batch);

struct LoadOptions {
  Device device;
  Precision precision = Precision::automatic;
  int threads = 0;  ///< threads of the network on the CPU; 0: one per core
};

/// Opens the plugin, then loads the network and tries it once. With a folder `known`, the result of the trial is stored
/// there and reused while model, options, processor and versions stay the same. Throws Error(resource) for a missing
/// device, Error(input) for a file that is not TorchScript or is truncated, Error(mismatch) if network and bundle
/// disagree.
std::unique_ptr<Embedder> load(const Bundle& bundle, const LoadOptions& options,
                               const std::filesystem::path& known = {});

/// The version of LibTorch, for manifests. Opens the plugin.
std::string libtorch_version();

/// The path of the plugin, which is not opened. Throws Error(resource) if the plugin is missing.
std::filesystem::path libtorch_plugin();

}  // namespace matcher::model
