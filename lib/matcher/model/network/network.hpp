// What the LibTorch plugin offers to the rest of the library. Plain data and the standard library only, because these
// types are the whole of what crosses the border to a shared object that is loaded at run time.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "matcher/model/embedder.hpp"
#include "matcher/model/network/blueprint.hpp"

namespace matcher::model {

/// A network to be loaded from a TorchScript file, or built from a blueprint where there is one.
struct NetworkRequest {
  std::string name;  ///< for messages
  std::filesystem::path file;
  const Blueprint* blueprint = nullptr;  ///< its weights outlive the network
  image::Size size;                      ///< of every picture
  LoadOptions options;
  std::string output{};  ///< as Bundle has it
  Pooling pooling = Pooling::none;
  Precision stored =
      Precision::fp32;             ///< of the weights in the file: what `automatic` means on a GPU; on the CPU, fp32
  image::Preprocess preprocess{};  ///< for pixels: scale, mean and deviation
};

/// Pixels [height, width, 3] of each picture of a batch.
using PixelBatch = std::span<const std::span<const std::uint8_t>>;

using Records = std::unordered_map<std::string, std::string>;  ///< name -> bytes
using Writer = std::function<void(std::span<const std::byte>)>;

class Network {
 public:
  virtual ~Network() = default;
  virtual Device device() const = 0;        ///< never `automatic`
  virtual Precision precision() const = 0;  ///< never `automatic`
  /// Pictures [n, 3 * height * width], planar, to vectors [n, d]. Throws Error(mismatch) when the network does not take
  /// them or returns anything but a float tensor [n, d], Error(resource) when memory runs out.
  virtual Matrix run(MatrixView pictures) = 0;
  /// The same of pixels that are not yet brought to the network's scale; only where `takes_pixels`.
  virtual Matrix run(PixelBatch pictures) = 0;
  virtual bool takes_pixels() const { return false; }
  virtual int lanes() const { return 1; }       ///< as Embedder has it
  virtual std::size_t text_length() const = 0;  ///< tokens of a text; 0 when the network takes none
  /// Token ids [n, text_length()] to vectors [n, d]. Throws as `run` does.
  virtual Matrix run_texts(std::span<const std::int64_t> ids) = 0;
  /// Turns the network into `precision` for good, and writes it as a TorchScript file with `records` below `extra/`.
  /// What `write` throws goes through.
  virtual void save(Precision precision, const Records& records, const Writer& write) = 0;
};

class TorchPlugin {
 public:
  virtual ~TorchPlugin() = default;
  /// Throws Error(resource) for a device or precision that is not there, Error(input) for a file that LibTorch refuses.
  virtual std::unique_ptr<Network> load(const NetworkRequest& request) const = 0;
  virtual std::string version() const = 0;
};

/// The one exported function, `const TorchPlugin* ()`; its number changes with this header.
inline constexpr const char* plugin_symbol = "matcher_torch_plugin_4";
using PluginFactory = const TorchPlugin* (*)();

/// Opens the plugin on the first call. Throws Error(resource) naming the places looked at.
const TorchPlugin& torch_plugin();

}  // namespace matcher::model
