#include "matcher/model/checkpoint/checkpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "matcher/core/error.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/model/checkpoint/layout.hpp"
#include "matcher/model/checkpoint/wrappers.hpp"

namespace matcher::model {
namespace {

[[noreturn]] void fail_shard(const fs::path& index, const std::string& shard) {
  throw Error(ErrorCode::input, fmt::format("{} names the file \"{}\", which is not a plain file name; fetch it again",
                                            index.string(), printable(shard)));
}

bool is_plain(const std::string& name) {
  return !name.empty() && name != "." && name != ".." && fs::path(name).filename() == name;
}

/// Reads the index: tensor name -> file name.
std::map<std::string, std::string> weight_map(const fs::path& file) {
  const auto index = read_settings(file);
  if (!index.has("weight_map") || !index.at("weight_map").is_object()) index.fail("weight_map", "must be an object");
  std::map<std::string, std::string> map;
  for (const auto& [tensor, shard] : index.at("weight_map").items()) {
    if (!shard.is_string()) index.fail("weight_map", fmt::format("names no file for tensor \"{}\"", printable(tensor)));
    const auto name = shard.get<std::string>();
    if (!is_plain(name)) fail_shard(file, name);
    map.emplace(tensor, name);
  }
  return map;
}

/// True if no number has all exponent bits set, which means NaN or infinity.
template <typename Bits>
bool all_finite(std::span<const std::byte> bytes, Bits exponent) {
  bool finite = true;  // no early exit, so that the compiler vectorises the loop
  for (std::size_t at = 0; at + sizeof(Bits) <= bytes.size(); at += sizeof(Bits)) {
    Bits bits = 0;
    std::memcpy(&bits, bytes.data() + at, sizeof(Bits));
    finite &= (bits & exponent) != exponent;
  }
  return finite;
}

bool is_finite(const StoredTensor& tensor) {
  if (tensor.type == ElementType::fp16) return all_finite<std::uint16_t>(tensor.bytes, 0x7c00);
  if (tensor.type == ElementType::bf16) return all_finite<std::uint16_t>(tensor.bytes, 0x7f80);
  return all_finite<std::uint32_t>(tensor.bytes, 0x7f800000);
}

bool fits(std::span<const std::int64_t> shape, std::span<const std::int64_t> wanted) {
  return std::ranges::equal(shape, wanted, [](auto side, auto want) { return want == -1 || side == want; });
}

}  // namespace

Checkpoint::Checkpoint(const fs::path& folder) : Checkpoint(find_checkpoint(folder)) {}

Checkpoint::Checkpoint(const CheckpointFiles& files) : folder_(files.folder), config_(read_settings(files.config)) {
  if (files.weights.extension() == ".json")
    read_shards(files.weights);
  else
    add_file(files.weights);
  unwrap_names(tensors_);
}

void Checkpoint::read_shards(const fs::path& index) {
  const auto map = weight_map(index);
  std::set<std::string> shards;
  for (const auto& [tensor, shard] : map) {
    if (!shards.insert(shard).second) continue;
    if (!path_exists(folder_ / shard)) {
      throw Error(ErrorCode::input,
                  fmt::format("{} is missing, but {} says that it holds tensor \"{}\"; fetch the checkpoint again",
                              (folder_ / printable(shard)).string(), index.string(), printable(tensor)));
    }
  }
  for (const auto& shard : shards) add_file(folder_ / shard);
  for (const auto& [tensor, shard] : map) {
    const auto found = tensors_.find(tensor);
    if (found != tensors_.end() && found->second.file.filename() == shard) continue;
    throw Error(ErrorCode::input,
                fmt::format("tensor \"{}\" is not in {}, where {} says that it is; fetch the checkpoint again",
                            printable(tensor), (folder_ / shard).string(), index.string()));
  }
}

void Checkpoint::add_file(const fs::path& path) {
  maps_.emplace_back(path);
  paths_.push_back(path);
  for (auto& [name, tensor] : read_safetensors(maps_.back(), path)) {
    const auto [place, added] = tensors_.try_emplace(name, std::move(tensor));
    if (added) continue;
    throw Error(ErrorCode::input, fmt::format("tensor \"{}\" is both in {} and in {}; fetch the checkpoint again",
                                              printable(name), place->second.file.string(), path.string()));
  }
}

const StoredTensor& Checkpoint::take(const std::string& name, const std::vector<std::int64_t>& shape) {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) {
    const auto reason = explain_missing(tensors_, name);
    throw Error(ErrorCode::input,
                fmt::format("{} has no tensor \"{}\" {}, which {} calls for; {}", folder_.string(), name,
                            shape_text(shape), config_.origin(),
                            reason.empty() ? "use the configuration and the weights of one network" : reason));
  }
  const auto& tensor = found->second;
  if (!fits(tensor.shape, shape)) {
    throw Error(ErrorCode::input,
                fmt::format("tensor \"{}\" in {} is {}, but {} calls for {}; use the configuration and the "
                            "weights of one network",
                            name, tensor.file.string(), shape_text(tensor.shape), config_.origin(), shape_text(shape)));
  }
  if (tensor.type == ElementType::other) {
    throw Error(ErrorCode::input, fmt::format("tensor \"{}\" in {} is of {}; matcher takes F32, F16 and BF16", name,
                                              tensor.file.string(), tensor.type_name));
  }
  check_finite(name, tensor);
  used_.insert(name);
  return tensor;
}

void Checkpoint::check_finite(const std::string& name, const StoredTensor& tensor) const {
  if (is_finite(tensor)) return;
  throw Error(
      ErrorCode::input,
      fmt::format("tensor \"{}\" in {} holds NaN or infinity, and so would every vector; fetch it again, or train "
                  "it again",
                  name, tensor.file.string()));
}

std::vector<std::int64_t> Checkpoint::shape(const std::string& name) const {
  const auto found = tensors_.find(name);
  return found == tensors_.end() ? std::vector<std::int64_t>() : found->second.shape;
}

bool Checkpoint::has_any(const std::string& prefix) const {
  const auto found = tensors_.lower_bound(prefix);
  return found != tensors_.end() && found->first.starts_with(prefix);
}

void Checkpoint::ignore_all(const std::string& prefix) {
  for (const auto& [name, tensor] : tensors_) {
    if (name.starts_with(prefix)) used_.insert(name);
  }
}

void Checkpoint::check_all_used() const {
  for (const auto& [name, tensor] : tensors_) {
    if (used_.contains(name)) continue;
    throw Error(ErrorCode::input,
                fmt::format("tensor \"{}\" {} in {} has no place in the network that {} describes; this is another "
                            "architecture, or the two files do not belong together",
                            printable(name), shape_text(tensor.shape), tensor.file.string(), config_.origin()));
  }
}

}  // namespace matcher::model
