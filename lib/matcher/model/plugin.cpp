// Opens the LibTorch plugin, and makes an embedder of a bundle and the network that the plugin loads.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/core/hash.hpp"
#include "matcher/core/plugin.hpp"
#include "matcher/core/version.hpp"
#include "matcher/model/export.hpp"
#include "matcher/model/load/network_embedder.hpp"
#include "matcher/model/load/trials.hpp"

namespace matcher::model {
namespace {

constexpr PluginName plugin_name{"LibTorch", "libmatcher_torch.so", plugin_symbol};

/// LibTorch's own words for a broken file are a page; a look at the archive beforehand says it in a sentence.
void check_file(const Bundle& bundle) try { embedded_metadata(bundle.path); } catch (const Error& error) {
  if (bundle.get.empty()) throw;
  throw Error(error.code(), fmt::format("{}, or fetch it again with: {}", error.what(), bundle.get));
}

/// What automatic precision must keep to fp32.
constexpr double smallest_cosine = 0.9995;

std::unique_ptr<NetworkEmbedder> load_network(const Bundle& bundle, const LoadOptions& options, const std::string& id,
                                              std::size_t dimension = 0) {
  const auto blueprint = bundle.builtin.empty() ? Blueprint() : Blueprint{builtin_source(bundle.builtin), {}, {}};
  const auto stored = bundle.precision == Precision::automatic ? Precision::fp32 : bundle.precision;
  auto network =
      torch_plugin().load({bundle.name, bundle.path, bundle.builtin.empty() ? nullptr : &blueprint, fixed_size(bundle),
                           options, bundle.output, bundle.pooling, stored, bundle.preprocess});
  return std::make_unique<NetworkEmbedder>(bundle, std::move(network), id, dimension);
}

using Golden = std::optional<GoldenSample>;

/// The dimension that the maker of a file had from it, for pictures as the bundle prepares them; 0: it is not known, so
/// the network has to be tried.
std::size_t known_dimension(const Bundle& bundle, const Golden& golden) {
  if (!golden) return 0;
  const auto size = fixed_size(bundle);
  const auto dimension = golden->embedding.values.size();
  const bool fits =
      golden->input.values.size() == std::size_t(3) * std::size_t(size.height) * std::size_t(size.width) &&
      (bundle.dimension == 0 || std::size_t(bundle.dimension) == dimension);
  return fits && bundle.output.empty() && bundle.pooling == Pooling::none ? dimension : 0;
}

/// Of the golden sample's vectors here and in fp32, the smallest; 0 when the file has none, so that nothing is shown,
/// or when 16 bits are not enough for numbers on the way.
double golden_cosine(const Golden& golden, Embedder& embedder) try {
  if (!golden) return 0;
  const Sample picture{{golden->input.values}}, text{{}, golden->text};
  const auto smallest = cosine(embedder.embed({&picture, 1}).row(0), golden->embedding.values);
  if (golden->text.empty() || !embedder.takes_texts()) return smallest;
  return std::min(smallest, cosine(embedder.embed({&text, 1}).row(0), golden->text_embedding.values));
} catch (const Error& error) {
  if (error.code() != ErrorCode::mismatch) throw;
  return 0;
}

LoadOptions in(Precision precision, const LoadOptions& options) { return {options.device, precision, options.threads}; }

void explain(NetworkEmbedder& embedder, const std::string& name, std::optional<double> cosine) {
  if (!cosine) return;
  const auto precision = embedder.precision();
  const auto why = embedder.device().kind == Device::Kind::cpu ? "this processor multiplies in it, and " : "";
  const auto choice =
      precision == Precision::fp32
          ? fmt::format("fp32 for \"{}\": in bf16 the golden sample has a cosine of {:.6f} to fp32, below {}", name,
                        *cosine, smallest_cosine)
          : fmt::format("{} for \"{}\": {}the golden sample keeps a cosine of {:.6f} to fp32", to_string(precision),
                        name, why, *cosine);
  embedder.explain_precision(choice);
}

/// Whether automatic precision has to be shown to be near enough: 16 bits that the file itself does not have.
bool needs_proof(const Embedder& embedder, const Bundle& bundle) {
  if (embedder.precision() == Precision::fp32) return false;
  return embedder.device().kind == Device::Kind::cpu || embedder.precision() != bundle.precision;
}

/// What to try when `precision` is not near enough.
Precision wider(Precision precision, const Device& device) {
  const bool has_both = device.kind == Device::Kind::cuda;
  return precision == Precision::fp16 && has_both ? Precision::bf16 : Precision::fp32;
}

/// Everything that a trial depends on.
std::string trial_key(const LoadOptions& options, const std::string& id) {
  return Hasher()
      .field(id)
      .field(to_string(options.device))
      .field(to_string(options.precision))
      .field(torch_plugin().version())
      .field(matcher::version)
      .field(processor_identity())
      .hex();
}

/// As the trial found it, or nothing where the device or precision would be another now.
std::unique_ptr<NetworkEmbedder> load_tried(const Bundle& bundle, const LoadOptions& options, const std::string& id,
                                            const Trial& trial) {
  auto embedder = load_network(bundle, in(trial.precision, options), id, trial.dimension);
  if (embedder->device() != trial.device || embedder->precision() != trial.precision) return nullptr;
  explain(*embedder, bundle.name, trial.cosine);
  return embedder;
}

/// Tries the network, and where its precision is ours to choose, whether that is near to fp32.
std::unique_ptr<NetworkEmbedder> try_network(const Bundle& bundle, const LoadOptions& options, const std::string& id,
                                             std::optional<double>& cosine) {
  const auto golden = bundle.path.empty() ? std::nullopt : read_golden(bundle.path);
  const auto dimension = known_dimension(bundle, golden);
  auto embedder = load_network(bundle, options, id, dimension);
  if (options.precision != Precision::automatic) return embedder;
  while (needs_proof(*embedder, bundle)) {
    cosine = golden_cosine(golden, *embedder);
    if (*cosine >= smallest_cosine) break;
    const auto next = wider(embedder->precision(), embedder->device());
    embedder.reset();  // first, so that not both are in memory
    embedder = load_network(bundle, in(next, options), id, dimension);
  }
  explain(*embedder, bundle.name, cosine);
  return embedder;
}

}  // namespace

const TorchPlugin& torch_plugin() {
  static const TorchPlugin& plugin = *reinterpret_cast<PluginFactory>(open_plugin(plugin_name))();
  return plugin;
}

std::unique_ptr<Embedder> load(const Bundle& bundle, const LoadOptions& options, const fs::path& known) {
  require_file(bundle);
  if (bundle.builtin.empty()) check_file(bundle);
  const auto id = fingerprint(bundle, known), key = trial_key(options, id);
  if (const auto trial = read_trial(known, key)) {
    if (auto embedder = load_tried(bundle, options, id, *trial)) return embedder;
  }
  std::optional<double> cosine;
  auto embedder = try_network(bundle, options, id, cosine);
  write_trial(known, key, {embedder->dimension(), embedder->device(), embedder->precision(), cosine});
  return embedder;
}

fs::path libtorch_plugin() { return find_plugin(plugin_name); }

std::string libtorch_version() { return torch_plugin().version(); }

}  // namespace matcher::model
