#include "matcher/model/load/precision.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/core/error.hpp"
#include "matcher/core/matrix.hpp"

namespace matcher::model {

double golden_cosine(const std::optional<GoldenSample>& golden, Embedder& embedder) try {
  if (!golden) return 0;
  const Sample image{{golden->input.values}}, text{{}, golden->text};
  const auto smallest = cosine(embed_finite(embedder, {&image, 1}).row(0), golden->embedding.values);
  if (golden->text.empty() || !embedder.takes_texts()) return smallest;
  return std::min(smallest, cosine(embed_finite(embedder, {&text, 1}).row(0), golden->text_embedding.values));
} catch (const Error& error) {
  if (error.code() != ErrorCode::mismatch) throw;
  return 0;
}

bool needs_proof(const Embedder& embedder, Precision stored) {
  if (embedder.precision() == Precision::fp32) return false;
  return embedder.device().kind == Device::Kind::cpu || embedder.precision() != stored;
}

Precision wider(Precision precision, const Device& device) {
  const bool has_both = device.kind == Device::Kind::cuda;
  return precision == Precision::fp16 && has_both ? Precision::bf16 : Precision::fp32;
}

std::string explain(Precision precision, const Device& device, const std::string& name, double cosine) {
  if (precision == Precision::fp32) {
    return fmt::format("fp32 for \"{}\": in bf16 the golden sample has a cosine of {:.6f} to fp32, below {}", name,
                       cosine, smallest_cosine);
  }
  const auto* why = device.kind == Device::Kind::cpu ? "this processor multiplies in it, and " : "";
  return fmt::format("{} for \"{}\": {}the golden sample keeps a cosine of {:.6f} to fp32", to_string(precision), name,
                     why, cosine);
}

Chosen choose_precision(const LoadIn& load, const std::optional<GoldenSample>& golden, Precision stored) {
  Chosen chosen{load(Precision::automatic), {}};
  while (needs_proof(*chosen.embedder, stored)) {
    chosen.cosine = golden_cosine(golden, *chosen.embedder);
    if (*chosen.cosine >= smallest_cosine) break;
    const auto next = wider(chosen.embedder->precision(), chosen.embedder->device());
    chosen.embedder.reset();  // first, so that only one of them is in memory
    chosen.embedder = load(next);
  }
  return chosen;
}

}  // namespace matcher::model
