#include "matcher/model/export.hpp"

#include <fmt/format.h>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/core/hash.hpp"
#include "matcher/model/families.hpp"
#include "matcher/model/network.hpp"

namespace matcher::model {
namespace {

constexpr RunOptions on_cpu{{Device::Kind::cpu, 0}, Precision::fp32, 0};

void write(Network& network, Precision precision, const Records& records, const fs::path& path) {
  if (path.has_parent_path()) make_folder(path.parent_path());
  AtomicFile file(path);
  network.save(precision, records, [&](std::span<const std::byte> bytes) { file.write(bytes); });
  file.commit();
}

/// A picture with smooth and sharp parts in all channels, the same everywhere because only whole numbers make it.
image::Image golden_picture(image::Size size) {
  image::Image picture{size.width, size.height, {}};
  picture.rgb.resize(std::size_t(3) * std::size_t(size.width) * std::size_t(size.height));
  for (int y = 0; y < size.height; ++y) {
    auto* row = picture.row(y);
    for (int x = 0; x < size.width; ++x) {
      const int checks = ((x / 16 + y / 16) % 2) * 96;
      *row++ = std::uint8_t(x * 160 / size.width + checks);
      *row++ = std::uint8_t(y * 255 / size.height);
      *row++ = std::uint8_t((x * 7 + y * 13 + x * y / 8) % 256);
    }
  }
  return picture;
}

Records golden_sample(Network& network, const Bundle& bundle) {
  const auto size = bundle.preprocess.output();
  const auto height = std::size_t(size.height), width = std::size_t(size.width);
  std::vector<float> planar(3 * height * width);
  image::to_planar(golden_picture(size), bundle.preprocess, planar);
  const auto vector = network.run({planar.data(), 1, planar.size()});
  if (bundle.dimension != 0 && vector.cols != std::size_t(bundle.dimension)) {
    throw Error(ErrorCode::unexpected,
                fmt::format("the network returns {} numbers, but its configuration says {}", vector.cols, bundle.dimension));
  }
  return {{"golden/input.npy", to_npy({{1, 3, height, width}, std::move(planar)})},
          {"golden/embedding.npy", to_npy({{1, vector.cols}, vector.data})}};
}

std::string hash_list(const Checkpoint& checkpoint) {
  std::string list;
  for (const auto& file : checkpoint.files())
    list += fmt::format("{}{} {}", list.empty() ? "" : ", ", file.filename().string(), file_hash(file));
  return list;
}

void check_size(const Architecture& architecture, const image::Preprocess& preprocess, const fs::path& processor) {
  const auto size = preprocess.output();
  const auto side = architecture.fixed_side;
  if (side == 0 || (size.height == side && size.width == side)) return;
  throw Error(ErrorCode::input,
              fmt::format("{} prepares pictures of {} x {}, but the network takes only {} x {}; fetch both "
                          "files again from one place",
                          processor.string(), size.width, size.height, side, side));
}

}  // namespace

std::optional<GoldenSample> read_golden(const fs::path& file) {
  const auto input = extra_record(file, "golden/input.npy"), embedding = extra_record(file, "golden/embedding.npy");
  if (!input || !embedding) return std::nullopt;
  return GoldenSample{parse_npy(*input, fmt::format("the golden input in {}", file.string())),
                      parse_npy(*embedding, fmt::format("the golden embedding in {}", file.string()))};
}

void export_builtin(const Bundle& bundle, const Describe& describe, const fs::path& file) {
  const Blueprint blueprint{builtin_source(bundle.builtin), {}, {}};
  auto described = bundle;
  described.builtin.clear();
  described.get.clear();
  described.file = file.filename().string();
  const auto network = torch_plugin().load({bundle.name, {}, &blueprint, bundle.preprocess.output(), on_cpu});
  auto records = golden_sample(*network, bundle);
  records.emplace("matcher.yaml", describe(described));
  write(*network, Precision::fp32, records, file);
}

Bundle export_checkpoint(const ExportOptions& options, const Describe& describe) {
  Checkpoint checkpoint(options.checkpoint);
  const auto processor = options.checkpoint / "preprocessor_config.json";
  Bundle bundle;
  bundle.preprocess = read_processor(processor);
  const auto architecture = read_architecture(checkpoint);
  check_size(architecture, bundle.preprocess, processor);
  bundle.name = options.name;
  bundle.family = architecture.family;
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
  records.emplace("matcher.yaml", describe(bundle));
  write(*network, options.precision, records, options.file);
  return bundle;
}

}  // namespace matcher::model
