// Chooses fp32 or 16 bits for a network: the narrowest precision whose golden vectors stay near to fp32.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "matcher/model/golden.hpp"
#include "matcher/model/load/network_embedder.hpp"

namespace matcher::model {

/// Smallest cosine to fp32 that automatic precision accepts.
inline constexpr double smallest_cosine = 0.9995;

/// Returns the smallest cosine between the golden sample's vectors and those that `embedder` computes here. Returns 0,
/// which proves nothing, if there is no sample, or if 16 bits overflow.
double golden_cosine(const std::optional<GoldenSample>& golden, Embedder& embedder);

/// True if automatic precision chose 16 bits that the file itself does not have. Our kernels on the CPU round in their
/// own way, so there 16 bits always need proof.
bool needs_proof(const Embedder& embedder, Precision stored);

/// Returns the precision to try after `precision` was not near enough. Only GPUs have both kinds of 16 bits.
Precision wider(Precision precision, const Device& device);

/// Says in one sentence which precision was chosen for the model `name`, and why.
std::string explain(Precision precision, const Device& device, const std::string& name, double cosine);

struct Chosen {
  std::unique_ptr<NetworkEmbedder> embedder;
  std::optional<double> cosine;  ///< cosine of the last try; nullopt: there was nothing to prove
};

/// Loads a network in `precision`; `automatic` is the loader's choice.
using LoadIn = std::function<std::unique_ptr<NetworkEmbedder>(Precision)>;

/// Loads the network with automatic precision, then in wider ones until the golden sample stays near to fp32. `stored`
/// is the precision of the weights in the file.
Chosen choose_precision(const LoadIn& load, const std::optional<GoldenSample>& golden, Precision stored);

}  // namespace matcher::model
