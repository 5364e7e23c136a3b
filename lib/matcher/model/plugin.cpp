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
#include "matcher/model/network.hpp"
#include "matcher/model/tokenizer.hpp"
#include "matcher/model/trials.hpp"

namespace matcher::model {
namespace {

constexpr PluginName plugin_name{"LibTorch", "libmatcher_torch.so", plugin_symbol};

/// LibTorch's own words for a broken file are a page; a look at the archive beforehand says it in a sentence.
void check_file(const Bundle& bundle) try { embedded_metadata(bundle.path); } catch (const Error& error) {
  const auto next =
      bundle.get.empty() ? std::string("export or copy it again") : fmt::format("fetch it again with: {}", bundle.get);
  throw Error(error.code(), fmt::format("{}; {}", error.what(), next));
}

image::Size fixed_size(const Bundle& bundle) {
  const auto size = bundle.preprocess.output();
  if (size.height > 0 && size.width > 0) return size;
  throw Error(ErrorCode::usage,
              fmt::format("the size of a prepared picture of model \"{}\" would depend on the photo; give "
                          "\"preprocess\" in {} a crop, or a resize with height and width",
                          bundle.name, bundle.origin.empty() ? "its description" : bundle.origin));
}

std::optional<Tokenizer> read_tokenizer(const fs::path& file) {
  const auto text = file.empty() ? std::nullopt : extra_record(file, "tokenizer.json");
  if (!text) return std::nullopt;
  return Tokenizer::parse(*text, fmt::format("the vocabulary in {}", file.string()));
}

bool is_finite(std::span<const float> row) {
  return std::ranges::all_of(row, [](float value) { return std::isfinite(value); });
}

class NetworkEmbedder : public Embedder {
 public:
  /// `dimension` 0: it is not known, and the network not tried.
  NetworkEmbedder(const Bundle& bundle, std::unique_ptr<Network> network, const std::string& model_fingerprint,
                  std::size_t dimension)
      : bundle_(bundle), size_(fixed_size(bundle)), dimension_(dimension) {
    network_ = std::move(network);
    fingerprint_ = Hasher().field(model_fingerprint).field(to_string(network_->precision())).hex();
    if (network_->text_length() > 0) tokenizer_ = read_tokenizer(bundle.path);
    if (dimension_ > 0) return;
    dimension_ = std::size_t(bundle.dimension);
    try_zeros(1);
    try_zeros(2);
  }

  std::size_t dimension() const override { return dimension_; }
  std::string fingerprint() const override { return fingerprint_; }
  Device device() const override { return network_->device(); }
  Precision precision() const override { return network_->precision(); }
  std::string precision_choice() const override { return choice_; }
  void explain_precision(std::string choice) { choice_ = std::move(choice); }
  bool applies_orientation() const override { return bundle_.preprocess.apply_orientation; }
  bool takes_texts() const override { return tokenizer_.has_value(); }
  int lanes() const override { return network_->lanes(); }

  Sample prepare(const image::Image& image) const override {
    auto resized = image::resize_and_crop(image, bundle_.preprocess);
    if (network_->takes_pixels()) return {{{}}, {}, {std::move(resized.rgb)}};
    std::vector<float> planar(picture_length());
    image::to_planar(resized, bundle_.preprocess, planar);
    return {{std::move(planar)}};
  }

  Matrix embed(std::span<const Sample> batch) override {
    std::vector<std::size_t> pictures, texts;
    for (std::size_t i = 0; i < batch.size(); ++i) (batch[i].is_text() ? texts : pictures).push_back(i);
    Matrix vectors(batch.size(), dimension_);
    if (!pictures.empty()) put(embed_pictures(batch, pictures), pictures, vectors);
    if (!texts.empty()) put(embed_texts(batch, texts), texts, vectors);
    return vectors;
  }

 private:
  static void put(const Matrix& from, const std::vector<std::size_t>& rows, Matrix& to) {
    for (std::size_t i = 0; i < rows.size(); ++i) std::ranges::copy(from.row(i), to.row(rows[i]).begin());
  }

  Matrix embed_pictures(std::span<const Sample> batch, const std::vector<std::size_t>& rows) {
    if (network_->takes_pixels() && !batch[rows[0]].pixels.empty()) return embed_pixels(batch, rows);
    Matrix pictures(rows.size(), picture_length());
    for (std::size_t i = 0; i < rows.size(); ++i)
      std::ranges::copy(picture_of(batch[rows[i]]), pictures.row(i).begin());
    return run(pictures.view());
  }

  Matrix embed_pixels(std::span<const Sample> batch, const std::vector<std::size_t>& rows) {
    std::vector<std::span<const std::uint8_t>> pictures;
    for (const auto row : rows) {
      const auto& pixels = batch[row].pixels;
      if (pixels.size() != 1 || pixels[0].size() != picture_length()) fail_picture(pixels.size());
      pictures.emplace_back(pixels[0]);
    }
    return checked(network_->run(PixelBatch(pictures)), rows.size());
  }

  /// Always padded to the whole length, so that a vector does not depend on the texts beside it.
  Matrix embed_texts(std::span<const Sample> batch, const std::vector<std::size_t>& rows) {
    if (!tokenizer_) fail_no_texts();
    const auto length = network_->text_length();
    std::vector<std::int64_t> ids(rows.size() * length, tokenizer_->pad());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto tokens = tokenizer_->encode(batch[rows[i]].text, length);
      std::ranges::copy(tokens, ids.begin() + std::ptrdiff_t(i * length));
    }
    return checked(network_->run_texts(ids), rows.size());
  }

  [[noreturn]] void fail_no_texts() const {
    throw Error(ErrorCode::usage,
                fmt::format("model \"{}\" takes pictures only; for texts use a CLIP model that was exported with its "
                            "text tower and vocabulary",
                            bundle_.name));
  }

  std::size_t picture_length() const { return 3 * std::size_t(size_.height) * std::size_t(size_.width); }

  const std::vector<float>& picture_of(const Sample& sample) const {
    if (sample.pictures.size() == 1 && sample.pictures[0].size() == picture_length()) return sample.pictures[0];
    fail_picture(sample.pictures.size());
  }

  [[noreturn]] void fail_picture(std::size_t pictures) const {
    throw Error(ErrorCode::mismatch,
                fmt::format("model \"{}\" takes one picture of [3, {}, {}], but was given {} of other sizes; prepare "
                            "pictures with the embedder that embeds them",
                            bundle_.name, size_.height, size_.width, pictures));
  }

  /// Shape and dimension are known before hours of photos are decoded.
  void try_zeros(std::size_t n) { run(Matrix(n, picture_length()).view()); }

  Matrix run(MatrixView pictures) { return checked(network_->run(pictures), pictures.rows); }

  Matrix checked(Matrix vectors, std::size_t n) {
    check_shape(vectors, n);
    check_finite(vectors);
    return vectors;
  }

  void check_shape(const Matrix& vectors, std::size_t n) {
    if (vectors.rows != n) {
      throw Error(ErrorCode::mismatch,
                  fmt::format("model \"{}\" returns {} vectors for {} pictures, but matcher needs one for each; export "
                              "it with a batch dimension that is not fixed",
                              bundle_.name, vectors.rows, n));
    }
    if (dimension_ == 0) dimension_ = vectors.cols;
    if (vectors.cols == dimension_) return;
    throw Error(ErrorCode::mismatch, fmt::format("model \"{}\" returns vectors of {} numbers, but {} says {}; correct "
                                                 "\"dimension\" there, or use the file that it describes",
                                                 bundle_.name, vectors.cols, description(), dimension_));
  }

  void check_finite(const Matrix& vectors) const {
    std::size_t broken = 0;
    for (std::size_t i = 0; i < vectors.rows; ++i) broken += is_finite(vectors.row(i)) ? 0 : 1;
    if (broken == 0) return;
    const auto next = precision() == Precision::fp32 ? "use another export of the model" : "use --precision fp32";
    throw Error(ErrorCode::mismatch, fmt::format("model \"{}\" returns NaN or infinity for {} of {} pictures in {}; {}",
                                                 bundle_.name, broken, vectors.rows, to_string(precision()), next));
  }

  std::string description() const { return bundle_.origin.empty() ? "its description" : bundle_.origin; }

  Bundle bundle_;
  image::Size size_;
  std::size_t dimension_;  ///< 0 until the first output when the bundle does not say it
  std::unique_ptr<Network> network_;
  std::string fingerprint_, choice_;
  std::optional<Tokenizer> tokenizer_;  ///< where there is a text tower
};

/// What automatic precision must keep to fp32.
constexpr double smallest_cosine = 0.9995;

std::unique_ptr<NetworkEmbedder> load_network(const Bundle& bundle, const RunOptions& options, const std::string& id,
                                              std::size_t dimension = 0) {
  const auto blueprint = bundle.builtin.empty() ? Blueprint() : Blueprint{builtin_source(bundle.builtin), {}, {}};
  const auto stored = bundle.precision == Precision::automatic ? Precision::fp32 : bundle.precision;
  auto network = torch_plugin().load({bundle.name, bundle.path, bundle.builtin.empty() ? nullptr : &blueprint,
                                      fixed_size(bundle), options, bundle.output, bundle.pooling, stored, bundle.preprocess});
  return std::make_unique<NetworkEmbedder>(bundle, std::move(network), id, dimension);
}

double cosine(std::span<const float> a, std::span<const float> b) {
  if (a.size() != b.size()) return 0;
  const double norms = std::sqrt(inner_product(a, a) * inner_product(b, b));
  return norms > 0 ? inner_product(a, b) / norms : 0;
}

/// Of the golden sample's vectors here and in fp32, the smallest; 0 when the file has none, so that nothing is shown, or
/// when 16 bits are not enough for numbers on the way.
double golden_cosine(const Bundle& bundle, Embedder& embedder) try {
  const auto golden = bundle.path.empty() ? std::nullopt : read_golden(bundle.path);
  if (!golden) return 0;
  const Sample picture{{golden->input.values}}, text{{}, golden->text};
  const auto smallest = cosine(embedder.embed({&picture, 1}).row(0), golden->embedding.values);
  if (golden->text.empty() || !embedder.takes_texts()) return smallest;
  return std::min(smallest, cosine(embedder.embed({&text, 1}).row(0), golden->text_embedding.values));
} catch (const Error& error) {
  if (error.code() != ErrorCode::mismatch) throw;
  return 0;
}

RunOptions in(Precision precision, const RunOptions& options) { return {options.device, precision, options.threads}; }

void explain(NetworkEmbedder& embedder, const std::string& name, std::optional<double> cosine) {
  if (!cosine) return;
  const auto precision = embedder.precision();
  const auto why = embedder.device().kind == Device::Kind::cpu ? "this processor multiplies in it, and " : "";
  const auto choice =
      precision == Precision::fp32
          ? fmt::format("fp32 for \"{}\": in bf16 the golden sample has a cosine of {:.6f} to fp32, below {}", name,
                        *cosine, smallest_cosine)
          : fmt::format("{} for \"{}\": {}the golden sample keeps a cosine of {:.6f} to fp32", to_string(precision), name,
                        why, *cosine);
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
std::string trial_key(const RunOptions& options, const std::string& id) {
  return Hasher()
      .field(id)
      .field(to_string(options.device))
      .field(to_string(options.precision))
      .field(torch_plugin().version())
      .field(matcher::version)
      .field(processor_name())
      .hex();
}

/// As the trial found it, or nothing where the device or precision would be another now.
std::unique_ptr<NetworkEmbedder> load_tried(const Bundle& bundle, const RunOptions& options, const std::string& id,
                                            const Trial& trial) {
  auto embedder = load_network(bundle, in(trial.precision, options), id, trial.dimension);
  if (embedder->device() != trial.device || embedder->precision() != trial.precision) return nullptr;
  explain(*embedder, bundle.name, trial.cosine);
  return embedder;
}

/// Tries the network, and where its precision is ours to choose, whether that is near to fp32.
std::unique_ptr<NetworkEmbedder> try_network(const Bundle& bundle, const RunOptions& options, const std::string& id,
                                             std::optional<double>& cosine) {
  auto embedder = load_network(bundle, options, id);
  if (options.precision != Precision::automatic) return embedder;
  while (needs_proof(*embedder, bundle)) {
    cosine = golden_cosine(bundle, *embedder);
    if (*cosine >= smallest_cosine) break;
    const auto next = wider(embedder->precision(), embedder->device());
    embedder.reset();  // first, so that not both are in memory
    embedder = load_network(bundle, in(next, options), id);
  }
  explain(*embedder, bundle.name, cosine);
  return embedder;
}

}  // namespace

const TorchPlugin& torch_plugin() {
  static const TorchPlugin& plugin = *reinterpret_cast<PluginFactory>(open_plugin(plugin_name))();
  return plugin;
}

std::unique_ptr<Embedder> load(const Bundle& bundle, const RunOptions& options, const fs::path& known) {
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
