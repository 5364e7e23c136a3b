#include "matcher/model/export.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "matcher/core/error.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/hash.hpp"
#include "matcher/files/npy.hpp"
#include "matcher/model/bundle/builtin.hpp"
#include "matcher/model/bundle/records.hpp"
#include "matcher/model/checkpoint/image_processor.hpp"
#include "matcher/model/families/families.hpp"
#include "matcher/model/network/torch_plugin.hpp"

namespace matcher::model {
namespace {

constexpr LoadOptions on_cpu{{Device::Kind::cpu, 0}, Precision::fp32, 0};
constexpr float largest_half = 65504;

/// Returns the largest absolute value; 0 for fp16, which always fits.
float largest(const Weight& weight) {
  if (weight.type == ElementType::fp16) return 0;
  const std::size_t bytes = weight.type == ElementType::fp32 ? 4 : 2;
  float most = 0;
  for (std::size_t at = 0; at + bytes <= weight.bytes.size(); at += bytes) {
    std::uint32_t bits = 0;
    // The high half of a float is a bf16.
    std::memcpy(reinterpret_cast<char*>(&bits) + 4 - bytes, weight.bytes.data() + at, bytes);
    most = std::max(most, std::abs(std::bit_cast<float>(bits)));
  }
  return most;
}

void write(Network& network, Precision precision, const Records& records, const fs::path& path) {
  if (path.has_parent_path()) make_folder(path.parent_path());
  AtomicFile file(path);
  network.save(precision, records, [&](std::span<const std::byte> bytes) { file.write(bytes); });
  file.commit();
}

/// Draws an image with smooth and sharp parts in all channels. Uses integers only, so it is the same everywhere.
image::Image golden_image(image::Size size) {
  image::Image image{size.width, size.height, {}};
  image.rgb.resize(std::size_t(3) * std::size_t(size.width) * std::size_t(size.height));
  for (int y = 0; y < size.height; ++y) {
    auto* row = image.row(y);
    for (int x = 0; x < size.width; ++x) {
      const int checks = ((x / 16 + y / 16) % 2) * 96;
      *row++ = std::uint8_t(x * 160 / size.width + checks);
      *row++ = std::uint8_t(y * 255 / size.height);
      *row++ = std::uint8_t((x * 7 + y * 13 + x * y / 8) % 256);
    }
  }
  return image;
}

/// Throws if the vector shows that the weights are damaged.
void check_vector(std::span<const float> vector, const std::string& name) {
  const bool finite = is_finite(vector);
  const bool zero = std::ranges::all_of(vector, [](float value) { return value == 0; });
  if (finite && !zero) return;
  throw Error(ErrorCode::input,
              fmt::format("the network of \"{}\" returns {} for a sound image, so its weights are damaged; fetch the "
                          "checkpoint again",
                          name, zero ? "zeros only" : "NaN or infinity"));
}

/// Throws for a weight that fp16 would turn into infinity.
void check_range(const Blueprint& network, const fs::path& checkpoint, const std::string& place) {
  for (const auto& weight : network.weights) {
    const auto most = largest(weight);
    if (most <= largest_half) continue;
    throw Error(ErrorCode::input,
                fmt::format("the weight {}{} of {} has the number {:g}, beyond the {} that fp16 can hold; use "
                            "--precision bf16 or fp32",
                            place, weight.name, checkpoint.string(), most, largest_half));
  }
  for (const auto& [name, part] : network.parts) check_range(part, checkpoint, place + name + '.');
}

Records golden_sample(Network& network, const Bundle& bundle) {
  const auto size = bundle.preprocess.output();
  const auto height = std::size_t(size.height), width = std::size_t(size.width);
  std::vector<float> planar(3 * height * width);
  image::to_planar(golden_image(size), bundle.preprocess, planar);
  const auto vector = network.run({planar.data(), 1, planar.size()});
  check_vector(vector.row(0), bundle.name);
  if (bundle.dimension != 0 && vector.cols != std::size_t(bundle.dimension)) {
    throw Error(ErrorCode::unexpected, fmt::format("the network returns {} numbers, but its configuration says {}",
                                                   vector.cols, bundle.dimension));
  }
  return {{golden_input_record, to_npy({{1, 3, height, width}, std::move(planar)})},
          {golden_embedding_record, to_npy({{1, vector.cols}, vector.data})}};
}

AnyTokenizer find_tokenizer(const ExportOptions& options, const fs::path& folder,
                            const std::optional<TextTower>& tower) {
  if (!tower) {
    if (options.vocabulary.empty()) return nullptr;
    throw Error(ErrorCode::usage, fmt::format("the checkpoint {} has no text tower; leave --vocabulary out",
                                              options.checkpoint.string()));
  }
  auto found = options.vocabulary.empty() ? model::find_tokenizer(tower->tokenizers, folder)
                                          : read_tokenizer(tower->tokenizers, options.vocabulary);
  if (!found || !tower->style) return found;
  return std::make_unique<StyledTokenizer>(std::move(found), *tower->style);
}

void check_tokenizer(const Tokenizer& tokenizer, const TextTower& tower, const ExportOptions& options) {
  const auto fail = [&](const std::string& vocabulary, const std::string& network) {
    throw Error(ErrorCode::input,
                fmt::format("the vocabulary of {} {}, but the text tower of {} {}; fetch both again from one place",
                            (options.vocabulary.empty() ? options.checkpoint : options.vocabulary).string(), vocabulary,
                            options.checkpoint.string(), network));
  };
  if (tokenizer.size() > std::size_t(tower.vocabulary))
    fail(fmt::format("has {} tokens", tokenizer.size()), fmt::format("knows {}", tower.vocabulary));
  if (tokenizer.end() != tower.end_token)
    fail(fmt::format("ends a text with token {}", tokenizer.end()), fmt::format("ends it with {}", tower.end_token));
}

/// Adds the vocabulary, and a text with its vector.
void add_text(Network& network, const Tokenizer& tokenizer, Records& records) {
  const std::string text = "A photo of 2 red apples, caf\u00e9 style";
  auto ids = tokenizer.encode(text, network.text_length());
  ids.resize(network.text_length(), tokenizer.pad());
  const auto vector = network.run_texts(ids);
  records.emplace(tokenizer_record, tokenizer.serialise());
  records.emplace(golden_text_record, text);
  records.emplace(golden_text_embedding_record, to_npy({{1, vector.cols}, vector.data}));
}

std::string hash_list(const Checkpoint& checkpoint) {
  std::string list;
  for (const auto& file : checkpoint.files())
    list += fmt::format("{}{} {}", list.empty() ? "" : ", ", file.filename().string(), file_hash(file));
  return list;
}

int scaled(int length, int side, int from) { return int(std::lround(double(length) * side / from)); }

/// Changes the side of the prepared images; a crop keeps the same part of an image.
void change_side(image::Preprocess& preprocess, const Architecture& architecture, const ExportOptions& options) {
  const auto from = preprocess.output();
  if (architecture.fixed_side != 0 && architecture.fixed_side != options.side)
    throw Error(
        ErrorCode::usage,
        fmt::format("the network of {0} takes only images of {1} x {1}, because its positions are learned; leave "
                    "--size out",
                    options.checkpoint.string(), architecture.fixed_side));
  if (from.height != from.width)
    throw Error(ErrorCode::usage, fmt::format("{} prepares images of {} x {}, and --size is for squares",
                                              options.checkpoint.string(), from.width, from.height));
  preprocess.resize_shortest_edge = scaled(preprocess.resize_shortest_edge, options.side, from.height);
  preprocess.resize = {scaled(preprocess.resize.height, options.side, from.height),
                       scaled(preprocess.resize.width, options.side, from.height)};
  if (preprocess.crop.height > 0) preprocess.crop = {options.side, options.side};
}

void check_size(const Architecture& architecture, const image::Preprocess& preprocess, const fs::path& processor) {
  const auto size = preprocess.output();
  if (std::min(size.height, size.width) < architecture.patch) {
    throw Error(ErrorCode::input,
                fmt::format("{} prepares images of {} x {}, smaller than the network's patches of {} x {}; "
                            "fetch both files again from one place",
                            processor.string(), size.width, size.height, architecture.patch, architecture.patch));
  }
  const auto side = architecture.fixed_side;
  if (side == 0 || (size.height == side && size.width == side)) return;
  throw Error(ErrorCode::input,
              fmt::format("{} prepares images of {} x {}, but the network takes only {} x {}; fetch both "
                          "files again from one place",
                          processor.string(), size.width, size.height, side, side));
}

}  // namespace

void export_builtin(const Bundle& bundle, const Describe& describe, const fs::path& file) {
  const Blueprint blueprint{builtin_source(bundle.builtin), {}, {}};
  auto described = bundle;
  described.builtin.clear();
  described.get.clear();
  described.file = file.filename().string();
  const auto network = torch_plugin().load({bundle.name, {}, &blueprint, bundle.preprocess.output(), on_cpu});
  auto records = golden_sample(*network, bundle);
  records.emplace(description_record, describe(described));
  write(*network, Precision::fp32, records, file);
}

Exported export_checkpoint(const ExportOptions& options, const Describe& describe) {
  Checkpoint checkpoint(options.checkpoint);
  const auto& family = find_family(checkpoint);
  Bundle bundle;
  bundle.preprocess = family.preprocess(checkpoint);
  if (bundle.preprocess.transparent == image::Transparent::automatic)
    bundle.preprocess.transparent = image::Transparent::white;  // as convert_to_rgb of transformers 5
  const auto architecture = read_architecture(family, checkpoint);
  if (options.side > 0) change_side(bundle.preprocess, architecture, options);
  check_size(architecture, bundle.preprocess, find_processor_file(checkpoint.folder()));
  if (options.precision == Precision::fp16) check_range(architecture.network, options.checkpoint, "");
  const auto tokenizer = find_tokenizer(options, checkpoint.folder(), architecture.text);
  if (tokenizer) check_tokenizer(*tokenizer, *architecture.text, options);
  bundle.name = options.name;
  bundle.family = family.name;
  bundle.description = architecture.summary;
  bundle.source = options.source;
  bundle.license = options.license;
  bundle.checkpoint = hash_list(checkpoint);
  bundle.precision = options.precision;
  bundle.dimension = architecture.dimension;
  bundle.file = options.file.filename().string();

  const auto network =
      torch_plugin().load({options.name, {}, &architecture.network, bundle.preprocess.output(), on_cpu});
  auto records = golden_sample(*network, bundle);
  if (tokenizer) add_text(*network, *tokenizer, records);
  records.emplace(description_record, describe(bundle));
  write(*network, options.precision, records, options.file);
  return {std::move(bundle), architecture.text.has_value(), tokenizer != nullptr,
          architecture.text ? list_files(architecture.text->tokenizers) : std::string()};
}

}  // namespace matcher::model
