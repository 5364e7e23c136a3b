#include "matcher/model/embedder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "matcher/core/error.hpp"
#include "matcher/core/version.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/hash.hpp"
#include "matcher/model/bundle/builtin.hpp"
#include "matcher/model/golden.hpp"
#include "matcher/model/load/network_embedder.hpp"
#include "matcher/model/load/precision.hpp"
#include "matcher/model/load/trials.hpp"
#include "matcher/model/network/torch_plugin.hpp"

namespace matcher::model {
namespace {

/// Checks the archive first: LibTorch describes a broken file in a page of text, this in a sentence.
void check_file(const Bundle& bundle) try { embedded_metadata(bundle.path); } catch (const Error& error) {
  if (bundle.get.empty()) throw;
  throw Error(error.code(), fmt::format("{}, or fetch it again with: {}", error.what(), bundle.get));
}

/// One model to load, with what it was asked for.
class Loader {
 public:
  Loader(const Bundle& bundle, const LoadOptions& options, const fs::path& known)
      : bundle_(bundle), options_(options), fingerprint_(fingerprint(bundle, known)) {}

  /// A hash of everything that a trial depends on.
  std::string trial_key() const {
    return Hasher()
        .field(fingerprint_)
        .field(to_string(options_.device))
        .field(to_string(options_.precision))
        .field(torch_plugin().version())
        .field(matcher::version)
        .field(processor_identity())
        .hex();
  }

  /// Loads the network as the trial found it; null if device or precision would be different now.
  std::unique_ptr<NetworkEmbedder> load_tried(const Trial& trial) const {
    auto embedder = load_in(trial.precision, trial.dimension, trial.layout);
    if (embedder->device() != trial.device || embedder->precision() != trial.precision) return nullptr;
    return explained(std::move(embedder), trial.cosine);
  }

  /// Tries the network, and chooses its precision if that is automatic.
  Chosen load_new() const {
    const auto golden = bundle_.path.empty() ? std::nullopt : read_golden(bundle_.path);
    const auto dimension = known_dimension(golden);
    const auto load = [&](Precision precision) { return load_in(precision, dimension); };
    if (options_.precision != Precision::automatic) return {load(options_.precision), {}};
    auto chosen = choose_precision(load, golden, bundle_.precision);
    chosen.embedder = explained(std::move(chosen.embedder), chosen.cosine);
    return chosen;
  }

 private:
  /// `dimension` 0: unknown, so the network has to be tried.
  std::unique_ptr<NetworkEmbedder> load_in(Precision precision, std::size_t dimension,
                                           Layout layout = Layout::automatic) const {
    const bool is_builtin = !bundle_.builtin.empty();
    const auto blueprint = is_builtin ? Blueprint{builtin_source(bundle_.builtin), {}, {}} : Blueprint();
    const auto stored = bundle_.precision == Precision::automatic ? Precision::fp32 : bundle_.precision;
    auto network = torch_plugin().load({bundle_.name,
                                        bundle_.path,
                                        is_builtin ? &blueprint : nullptr,
                                        fixed_size(bundle_),
                                        {options_.device, precision, options_.threads},
                                        bundle_.output,
                                        bundle_.pooling,
                                        stored,
                                        layout,
                                        bundle_.preprocess});
    return std::make_unique<NetworkEmbedder>(bundle_, std::move(network), fingerprint_, dimension);
  }

  /// The dimension of the golden vector, if the bundle prepares images as the golden one was; otherwise 0.
  std::size_t known_dimension(const std::optional<GoldenSample>& golden) const {
    if (!golden || !bundle_.output.empty() || bundle_.pooling != Pooling::none) return 0;
    const auto size = fixed_size(bundle_);
    const auto dimension = golden->embedding.values.size();
    const bool fits =
        golden->input.values.size() == std::size_t(3) * std::size_t(size.height) * std::size_t(size.width) &&
        (bundle_.dimension == 0 || std::size_t(bundle_.dimension) == dimension);
    return fits ? dimension : 0;
  }

  std::unique_ptr<NetworkEmbedder> explained(std::unique_ptr<NetworkEmbedder> embedder,
                                             std::optional<double> cosine) const {
    if (cosine) embedder->explain_precision(explain(embedder->precision(), embedder->device(), bundle_.name, *cosine));
    return embedder;
  }

  const Bundle& bundle_;
  const LoadOptions& options_;
  std::string fingerprint_;
};

}  // namespace

Sample part_of(const Sample& sample, std::size_t first, std::size_t count) {
  if (sample.is_text()) return sample;
  const auto take = [&](const auto& from, auto& to) {
    for (auto i = first; i < std::min(first + count, from.size()); ++i) to.push_back(from[i]);
  };
  Sample part;
  take(sample.tensors, part.tensors);
  take(sample.pixels, part.pixels);
  if (std::ranges::all_of(part.pixels, [](const auto& pixels) { return pixels.empty(); })) part.pixels.clear();
  return part;
}

std::string describe_broken_vector(const Embedder& embedder) {
  return fmt::format("the model returns NaN or infinity for it in {}. Use {}", to_string(embedder.precision()),
                     embedder.precision() == Precision::fp32 ? "another export of the model" : "--precision fp32");
}

Matrix embed_finite(Embedder& embedder, std::span<const Sample> batch) {
  auto vectors = embedder.embed(batch);
  for (std::size_t i = 0; i < vectors.rows; ++i)
    if (!is_finite(vectors.row(i))) throw Error(ErrorCode::mismatch, describe_broken_vector(embedder));
  return vectors;
}

std::unique_ptr<Embedder> load(const Bundle& bundle, const LoadOptions& options, const fs::path& known) {
  require_file(bundle);
  if (bundle.builtin.empty()) check_file(bundle);
  const Loader loader(bundle, options, known);
  const auto key = loader.trial_key();
  if (const auto trial = read_trial(known, key)) {
    if (auto embedder = loader.load_tried(*trial)) return embedder;
  }
  auto [embedder, cosine] = loader.load_new();
  write_trial(known, key,
              {embedder->dimension(), embedder->device(), embedder->precision(), cosine, embedder->layout()});
  return std::move(embedder);
}

fs::path libtorch_plugin() { return find_torch_plugin(); }

std::string libtorch_version() { return torch_plugin().version(); }

}  // namespace matcher::model
