// A model bundle: one TorchScript file plus everything needed to use it rightly. Nothing of LibTorch is seen here.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "matcher/core/device.hpp"
#include "matcher/image/preprocess.hpp"

namespace matcher::model {

/// How a sequence of tokens [n, t, d] becomes a vector: its first token, or the mean of all but the first (which stands
/// for the whole picture in vision transformers).
enum class Pooling { none, cls, mean };

/// What a bundle's YAML says, whether it stands in a file of its own or inside the TorchScript file (`matcher.yaml`).
struct Bundle {
  std::string name, description, source, license;
  std::string family;      ///< "dinov2", "clip", "baseline", or "" for any other
  std::string builtin;     ///< the name of a module that matcher makes itself; then there is no file
  std::string file;        ///< file name of the TorchScript file; `<name>.pt` unless said
  std::string checkpoint;  ///< the files of weights it was made from, each with its content hash
  Precision precision = Precision::automatic;  ///< of the weights in the file; automatic: not said, fp32
  std::string get;                             ///< the command that brings the file, shown when it is not there
  int dimension = 0;                           ///< d; 0: taken from the first output
  std::string output;  ///< the step from what the network returns to its vectors: key of a dictionary, number in a
                       ///< tuple, several joined by '.'; "": the whole
  Pooling pooling = Pooling::none;
  image::Preprocess preprocess;  ///< must have a fixed output size
  std::filesystem::path path;    ///< where the TorchScript file was found; empty when it was not
  std::string origin;            ///< the file this came from, for messages
};

/// A hash of everything that decides a vector except precision: model bytes (or built-in source) and preprocessing.
/// The hash of the file's bytes is remembered per (path, size, time of change) in the folder `known` when that is not
/// empty.
std::string fingerprint(const Bundle& bundle, const std::filesystem::path& known = {});

/// Bytes on disk; of a built-in, of its source.
std::uintmax_t size_bytes(const Bundle& bundle);

/// Names of the built-in modules and their TorchScript source. Throws Error(usage) for an unknown name.
std::vector<std::string> builtin_names();
std::string builtin_source(const std::string& name);

/// The text of the record `extra/matcher.yaml` in a TorchScript file, "" when there is none. Needs no LibTorch: the
/// file is a ZIP of stored records. Throws Error(input) when the file is no TorchScript file or is cut short.
std::string embedded_metadata(const std::filesystem::path& file);

/// The record `extra/<name>`, nothing when there is none. Throws as embedded_metadata does.
std::optional<std::string> extra_record(const std::filesystem::path& file, const std::string& name);

/// Throws Error(input) with the next command when the TorchScript file is not there.
void require_file(const Bundle& bundle);

}  // namespace matcher::model
