// Describes a model bundle: one TorchScript file plus everything needed to use it correctly. Needs no LibTorch.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "matcher/core/device.hpp"
#include "matcher/image/preprocess.hpp"
#include "matcher/model/adaptation.hpp"
#include "matcher/refine/steps.hpp"

namespace matcher::model {

/// How tokens [n, t, d] become a vector: the first token, or the mean of all but the first. In vision transformers the
/// first token summarises the whole image.
enum class Pooling { none, cls, mean };

/// The YAML description of a bundle, from a file of its own or from inside the TorchScript file (`matcher.yaml`).
struct Bundle {
  std::string name, description, source, license;
  std::string family;      ///< "dinov2", "clip", "baseline", or "" for any other
  std::string builtin;     ///< name of a built-in model; "": the model is a file
  std::string file;        ///< file name of the TorchScript file; "": `<name>.pt`
  std::string checkpoint;  ///< the files of weights that it was made from, each with its content hash
  Precision precision = Precision::automatic;  ///< precision of the weights in the file; automatic: not given, fp32
  std::string get;                             ///< command that fetches the file; shown if the file is missing
  int dimension = 0;                           ///< d; 0: taken from the first output
  std::string output;  ///< path to the vectors in what the network returns: dictionary keys and tuple indices, joined
                       ///< by '.'; "": the whole output
  Pooling pooling = Pooling::none;
  image::Preprocess preprocess;  ///< must have a fixed output size
  std::filesystem::path path;    ///< the TorchScript file; empty if it was not found
  std::string origin;            ///< the file that holds this description, for messages
  Adaptation adaptation;         ///< for adapted models, whose `path` is the file of the map
  refine::Steps steps{};         ///< the steps of Stage::embedding that a name such as NAME@flip has
  bool is_adapted() const { return adaptation.is_set(); }
};

/// A base of an adapted model.
struct BaseModel {
  std::string name;     ///< a name, or the path of a file, as find_bundle() takes it
  double weight = 1;    ///< in an ensemble
  Bundle bundle{};      ///< the model that was found under the name
  std::string problem;  ///< why no model was found; empty if one was
};

/// Hashes everything that decides a vector except precision: model bytes (or built-in source) and preprocessing. With a
/// folder `known`, the hash of the file's bytes is stored there per path, size and modification time.
std::string fingerprint(const Bundle& bundle, const std::filesystem::path& known = {});

/// The bundle without its steps.
Bundle without_steps(Bundle bundle);

/// The size on disk; for a built-in model, the size of its source. The size of an adapted model includes its bases.
std::uintmax_t size_bytes(const Bundle& bundle);

/// Reads the description inside a TorchScript file, or inside the file of a map (.safetensors); "" if there is none.
/// Throws Error(input) if the file is neither, or is truncated.
std::string embedded_metadata(const std::filesystem::path& file);

/// Throws Error(input) with the command that fetches the TorchScript file, if the file is missing. An adapted model
/// needs the files of its bases, too.
void require_file(const Bundle& bundle);

}  // namespace matcher::model
