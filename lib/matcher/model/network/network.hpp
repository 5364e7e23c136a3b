// The border to the LibTorch plugin: everything that crosses it. Plain data and the standard library only, because the
// plugin is a shared object that is opened at run time.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "matcher/model/embedder.hpp"
#include "matcher/model/network/blueprint.hpp"

namespace matcher::model {

/// Order of activations in memory: [n, channels, h, w], or [n, h, w, channels], the latter also with weights that
/// XNNPACK packed.
enum class Layout { automatic, planar, channels_last, xnnpack };

/// A network to load from a TorchScript file, or to build from a blueprint if there is one.
struct NetworkRequest {
  std::string name;  ///< for messages
  std::filesystem::path file;
  const Blueprint* blueprint = nullptr;  ///< borrowed; its weights must outlive the network
  image::Size size;                      ///< size of every image
  LoadOptions options;
  std::string output{};  ///< Bundle::output
  Pooling pooling = Pooling::none;
  Precision stored =
      Precision::fp32;  ///< precision of the weights in the file; `automatic` means this on a GPU, fp32 on the CPU
  Layout layout = Layout::automatic;  ///< automatic: the network tries which is faster
  image::Preprocess preprocess{};     ///< scale, mean and deviation, for pixels
};

/// Pixels [height, width, 3] of each image of a batch.
using PixelBatch = std::span<const std::span<const std::uint8_t>>;

using Records = std::unordered_map<std::string, std::string>;  ///< name -> bytes
using Writer = std::function<void(std::span<const std::byte>)>;

class Network {
 public:
  virtual ~Network() = default;
  virtual Device device() const = 0;        ///< never `automatic`
  virtual Precision precision() const = 0;  ///< never `automatic`
  /// Says why `automatic` is this precision without a trial of narrower numbers; "" if nothing can be said.
  virtual std::string precision_reason() const { return {}; }
  /// Images [n, 3 * height * width], planar, to vectors [n, d]. Throws Error(mismatch) if the network does not take
  /// them or does not return a float tensor [n, d]; Error(resource) if memory runs out.
  virtual Matrix run(MatrixView images) = 0;
  /// The same for pixels that are not yet scaled; only if `takes_pixels`.
  virtual Matrix run(PixelBatch images) = 0;
  virtual Layout layout() const { return Layout::planar; }  ///< never `automatic`
  virtual bool takes_pixels() const { return false; }
  virtual int lanes() const { return 1; }       ///< Embedder::lanes
  virtual std::size_t text_length() const = 0;  ///< tokens per text; 0: the network takes no texts
  /// Token ids [n, text_length()] to vectors [n, d]. Throws as `run` does.
  virtual Matrix run_texts(std::span<const std::int64_t> ids) = 0;
  /// Converts the network to `precision` for good, and writes it as a TorchScript file with `records` below `extra/`.
  /// Passes on what `write` throws.
  virtual void save(Precision precision, const Records& records, const Writer& write) = 0;
};

class TorchPlugin {
 public:
  virtual ~TorchPlugin() = default;
  /// Throws Error(resource) for a missing device or precision, Error(input) for a file that LibTorch refuses.
  virtual std::unique_ptr<Network> load(const NetworkRequest& request) const = 0;
  virtual std::string version() const = 0;
};

/// The plugin's one exported function, `const TorchPlugin* ()`. Raise the number with every change to a type above, or
/// to a type that these use: a program must not open a plugin of another version.
#define MATCHER_TORCH_PLUGIN matcher_torch_plugin_9
using PluginFactory = const TorchPlugin* (*)();

}  // namespace matcher::model
