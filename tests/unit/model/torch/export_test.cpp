#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <csignal>
#include <fstream>
#include <iterator>

#include "matcher/files/file.hpp"
#include "matcher/files/hash.hpp"
#include "matcher/model/cpu/kernels.hpp"
#include "matcher/model/export.hpp"
#include "matcher/model/golden.hpp"
#include "unit/model/torch/loading.hpp"

using namespace matcher;
using namespace matcher::test;

namespace {

constexpr Device cpu{Device::Kind::cpu, 0};

NpyArray array_of(const std::string& name, const char* file) {
  return parse_npy(read_text(fixture(name) / file), name + '/' + file);
}

/// Stands in for the YAML of the layer above.
std::string describe(const model::Bundle& bundle) {
  return fmt::format("{} {} {} {}", bundle.name, bundle.family, bundle.dimension, bundle.checkpoint);
}

model::Bundle export_to(const fs::path& file, const fs::path& checkpoint, Precision precision = Precision::fp32) {
  return model::export_checkpoint({"net", checkpoint, file, precision, "its maker", "MIT", {}}, describe).bundle;
}

std::unique_ptr<model::Embedder> load_exported(model::Bundle bundle, const fs::path& file) {
  bundle.path = file;
  return model::load(bundle, {cpu, Precision::fp32, 1});
}

struct Agreement {
  double cosine = 1, difference = 0;  ///< smallest cosine and largest difference of all rows
};

Agreement compare(const Matrix& vectors, const NpyArray& expected) {
  Agreement agreement;
  const auto d = expected.shape.at(1);
  REQUIRE(vectors.cols == d);
  for (std::size_t i = 0; i < vectors.rows; ++i) {
    const auto row = vectors.row(i);
    const std::span<const float> wanted(expected.values.data() + i % expected.shape[0] * d, d);
    const auto norms = std::sqrt(inner_product(row, row) * inner_product(wanted, wanted));
    agreement.cosine = std::min(agreement.cosine, inner_product(row, wanted) / norms);
    for (std::size_t k = 0; k < d; ++k)
      agreement.difference = std::max(agreement.difference, std::abs(double(row[k]) - double(wanted[k])));
  }
  return agreement;
}

Agreement agreement_of(const std::string& name, Precision precision) {
  const Scratch scratch;
  const auto file = scratch / "net.pt";
  const auto embedder = load_exported(export_to(file, fixture(name), precision), file);
  return compare(embedder->embed(batch_of(array_of(name, "input.npy"), 2)), array_of(name, "expected.npy"));
}

std::vector<std::string> files_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename().string());
  return names;
}

/// While it lives, no file of this process can grow beyond `bytes`.
class FileLimit {
 public:
  explicit FileLimit(rlim_t bytes) {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  FileLimit(const FileLimit&) = delete;
  FileLimit& operator=(const FileLimit&) = delete;

 private:
  rlimit before_{};
};

}  // namespace

TEST_CASE("every kind of checkpoint has a fixture") { CHECK(fixture_names().size() == 50); }

TEST_CASE("exported networks give the vectors of transformers, in batches of one, two and five") {
  const auto name = GENERATE(from_range(fixture_names()));
  const Scratch scratch;
  const auto file = scratch / "net.pt";
  const auto embedder = load_exported(export_to(file, fixture(name)), file);
  const auto input = array_of(name, "input.npy"), expected = array_of(name, "expected.npy");
  for (const std::size_t n : {1, 2, 5}) {
    const auto [same, difference] = compare(embedder->embed(batch_of(input, n)), expected);
    INFO(name << ", batch of " << n << ": cosine " << same << ", difference " << difference);
    CHECK(same >= 0.999999);
    CHECK(difference < 1e-4);
  }
}

TEST_CASE("networks exported in 16 bits stay near to fp32") {
  const auto name = GENERATE(from_range(fixture_names()));
  const auto precision = GENERATE(Precision::bf16, Precision::fp16);
  const auto [same, difference] = agreement_of(name, precision);
  INFO(name << " in " << to_string(precision) << ": cosine " << same << ", difference " << difference);
  CHECK(same >= 0.9995);
  CHECK(difference > 0);
}

TEST_CASE("a file exported in 16 bits is smaller") {
  const Scratch scratch;
  export_to(scratch / "fp32.pt", fixture("clip-gelu"));
  export_to(scratch / "bf16.pt", fixture("clip-gelu"), Precision::bf16);
  export_to(scratch / "fp16.pt", fixture("clip-gelu"), Precision::fp16);
  const auto size = [&](const char* name) { return double(fs::file_size(scratch / name)); };
  CHECK(size("bf16.pt") == size("fp16.pt"));
  CHECK(size("bf16.pt") < 0.8 * size("fp32.pt"));
}

TEST_CASE("the file holds its golden sample, and a replay gives the same") {
  const Scratch scratch;
  for (const auto* name : {"dinov2-odd", "registers", "clip-gelu"}) {
    const auto file = scratch / (std::string(name) + ".pt");
    const auto bundle = export_to(file, fixture(name));
    const auto golden = model::read_golden(file);
    REQUIRE(golden);
    const auto size = bundle.preprocess.output();
    CHECK(golden->input.shape == std::vector<std::size_t>{1, 3, std::size_t(size.height), std::size_t(size.width)});
    CHECK(golden->embedding.shape == std::vector<std::size_t>{1, std::size_t(bundle.dimension)});
    const auto replay = compare(load_exported(bundle, file)->embed(batch_of(golden->input, 1)), golden->embedding);
    // The graph that made the golden sample gives it again; kernels of our own round otherwise, by a few units in the
    // last place of the largest value.
    float largest = 1;
    if (model::cpu::kernels(Precision::fp32) != nullptr) {
      for (const float value : golden->embedding.values) largest = std::max(largest, std::abs(value));
    }
    CHECK(replay.difference < 1e-6 * largest);
  }
}

TEST_CASE("automatic precision is bf16 if the processor has it and the golden sample stays near") {
  const Scratch scratch;
  const auto file = scratch / "net.pt";
  auto bundle = export_to(file, fixture("dinov2-same"));
  bundle.path = file;
  const auto embedder = model::load(bundle, {cpu, Precision::automatic, 1});
  if (model::cpu::kernels(Precision::bf16) == nullptr) {
    CHECK(embedder->precision() == Precision::fp32);
    CHECK(embedder->precision_choice().empty());
    CHECK(embedder->precision_reason() == "fp32 for \"net\": bf16 is not faster than fp32 on this processor");
    SKIP("this processor has no instructions for bf16");
  }
  CHECK(embedder->precision() == Precision::bf16);
  CHECK(embedder->precision_choice().starts_with(
      "bf16 for \"net\": this processor multiplies in it, and the golden sample keeps a cosine of 0.9999"));
  CHECK(embedder->fingerprint() == model::load(bundle, {cpu, Precision::bf16, 1})->fingerprint());
  CHECK(embedder->fingerprint() != load_exported(bundle, file)->fingerprint());
}

TEST_CASE("automatic precision is fp32 if bf16 is not near to the golden sample") {
  if (model::cpu::kernels(Precision::bf16) == nullptr) SKIP("this processor has no instructions for bf16");
  const Scratch scratch;
  const auto file = scratch / "net.pt";
  auto bundle = export_to(file, fixture("dinov2-same"));
  bundle.path = file;
  const auto golden = model::read_golden(file)->embedding.values;
  auto bytes = read_text(file);
  const auto at = bytes.find(std::string(reinterpret_cast<const char*>(golden.data()), 16));
  REQUIRE(at != std::string::npos);
  for (std::size_t i = 0; i < golden.size(); ++i)
    bytes[at + 4 * i + 3] = char(bytes[at + 4 * i + 3] ^ 0x80);  // the sign
  write_atomically(file, bytes);
  const auto embedder = model::load(bundle, {cpu, Precision::automatic, 1});
  CHECK(embedder->precision() == Precision::fp32);
  CHECK(
      embedder->precision_choice().starts_with("fp32 for \"net\": in bf16 the golden sample has a cosine of -0.9999"));
  CHECK(embedder->fingerprint() == load_exported(bundle, file)->fingerprint());
}

TEST_CASE("a network is tried once, and the result is stored until something changes") {
  const Scratch scratch;
  const auto file = scratch / "net.pt", known = scratch / "known";
  auto bundle = export_to(file, fixture("dinov2-same"));
  bundle.path = file;
  const auto load = [&](Precision precision) { return model::load(bundle, {cpu, precision, 1}, known); };
  const auto trials = [&] {
    auto names = files_in(known);
    std::erase(names, "hashes");
    return names;
  };
  const auto first = load(Precision::automatic);
  REQUIRE(trials().size() == 1);
  const auto trial = known / trials()[0];
  const auto found = read_text(trial);

  SECTION("the second load gives the same") {
    const auto second = load(Precision::automatic);
    CHECK(second->precision() == first->precision());
    CHECK(second->precision_choice() == first->precision_choice());
    CHECK(second->fingerprint() == first->fingerprint());
    CHECK(second->dimension() == first->dimension());
  }
  SECTION("another precision is another trial") {
    CHECK(load(Precision::fp32)->precision() == Precision::fp32);
    CHECK(trials().size() == 2);
  }
  SECTION("a stored result is used") {
    write_atomically(trial, "24 cpu fp32 0.998000000 planar\n");
    const auto second = load(Precision::automatic);
    CHECK(second->precision() == Precision::fp32);
    CHECK(second->precision_choice() ==
          "fp32 for \"net\": in bf16 the golden sample has a cosine of 0.998000 to fp32, below 0.9995");
    CHECK(read_text(trial) == "24 cpu fp32 0.998000000 planar\n");
  }
  SECTION("an invalid result is replaced by a new trial") {
    const std::string text =
        GENERATE("", "nonsense", "24", "24 cpu", "0 cpu fp32 none planar\n", "24 cpu auto none planar\n",
                 "24 cuda:0 bf16 none planar\n", "24 cpu bf16 0.99x planar\n", "24 cpu fp32 none\n",
                 "24 cpu fp32 none sideways\n");
    write_atomically(trial, text);
    CHECK(load(Precision::automatic)->fingerprint() == first->fingerprint());
    CHECK(read_text(trial) == found);
  }
}

TEST_CASE("an image's vector does not depend on the batch, to the last bit") {
  const auto precision = GENERATE(Precision::fp32, Precision::bf16);
  if (model::cpu::kernels(precision) == nullptr)
    SKIP("this processor has no instructions for " << to_string(precision));
  const Scratch scratch;
  const auto name =
      GENERATE(as<std::string>(), "dinov2-same", "clip-gelu", "siglip", "dinov3", "dinov3-gated", "timm-avg");
  auto bundle = export_to(scratch / "net.pt", fixture(name));
  bundle.path = scratch / "net.pt";
  const auto embedder = model::load(bundle, {cpu, precision, 2});
  const auto batch = batch_of(array_of(name, "input.npy"), 70);
  const auto together = embedder->embed(batch);
  for (const std::size_t i : {0, 1, 33, 69}) {
    const auto alone = embedder->embed({&batch[i], 1});
    CHECK(std::ranges::equal(alone.row(0), together.row(i)));
  }
}

TEST_CASE("an exported file is mapped if its weights are packed, and any other file is read") {
  if (model::cpu::kernels(Precision::fp32) == nullptr) SKIP("this processor has no instructions for fp32 kernels");
  const Scratch scratch;
  const auto is_mapped = [](const fs::path& file) {
    std::ifstream maps("/proc/self/maps");
    const std::string text(std::istreambuf_iterator<char>(maps), {});
    return text.find(fs::canonical(file).string()) != std::string::npos;
  };
  const auto name = GENERATE(as<std::string>(), "dinov2-same", "clip-gelu", "siglip", "dinov3-gated", "timm-pe");
  const auto file = scratch / "net.pt";
  const auto bundle = export_to(file, fixture(name));
  {
    const auto embedder = load_exported(bundle, file);
    CHECK(is_mapped(file));
  }
  CHECK_FALSE(is_mapped(file));

  const auto copy = scratch.write("copy.pt", [&] {
    auto bytes = read_text(file);
    for (auto at = bytes.find("extra/golden"); at != std::string::npos; at = bytes.find("extra/golden", at))
      bytes.replace(at, 12, "extra/Golden");
    return bytes;
  }());
  const auto mapped = load_exported(bundle, file), read = load_exported(bundle, copy);
  CHECK_FALSE(is_mapped(copy));
  const auto pictures = batch_of(array_of(name, "input.npy"), 3);
  CHECK(mapped->embed(pictures).data == read->embed(pictures).data);
}

TEST_CASE("the golden sample of a file in 16 bits equals that in fp32") {
  const Scratch scratch;
  export_to(scratch / "fp32.pt", fixture("dinov2-same"));
  export_to(scratch / "bf16.pt", fixture("dinov2-same"), Precision::bf16);
  const auto wide = model::read_golden(scratch / "fp32.pt"), narrow = model::read_golden(scratch / "bf16.pt");
  REQUIRE(wide);
  REQUIRE(narrow);
  CHECK(wide->embedding.values == narrow->embedding.values);
}

TEST_CASE("an export reports what it made, and from which files") {
  const Scratch scratch;
  const auto file = scratch / "made/net.pt";
  const auto bundle = export_to(file, fixture("registers-swiglu"), Precision::fp16);
  CHECK(bundle.name == "net");
  CHECK(bundle.family == "dinov2");
  CHECK(bundle.description == "1 layers of 16, patches of 4, 2 registers");
  CHECK(bundle.dimension == 16);
  CHECK(bundle.source == "its maker");
  CHECK(bundle.license == "MIT");
  CHECK(bundle.file == "net.pt");
  CHECK(bundle.precision == Precision::fp16);
  CHECK(bundle.checkpoint == "model.safetensors " + file_hash(fixture("registers-swiglu") / "model.safetensors"));
  CHECK(bundle.preprocess.resize_shortest_edge == 24);
  CHECK(bundle.preprocess.crop == image::Size{20, 24});
  CHECK(bundle.preprocess.mean == std::array{0.485f, 0.456f, 0.406f});
  CHECK(model::embedded_metadata(file) == describe(bundle));

  const auto clip = export_to(scratch / "clip.pt", fixture("clip-vision"));
  CHECK(clip.family == "clip");
  CHECK(clip.description == "1 layers of 16, patches of 4");
  CHECK(clip.dimension == 10);
  CHECK(clip.preprocess.mean == std::array{0.48145466f, 0.4578275f, 0.40821073f});
}

TEST_CASE("all files of a sharded checkpoint are listed with their hashes") {
  const Scratch scratch;
  std::string list;
  for (int i = 1; i <= 3; ++i) {
    const auto shard = fmt::format("model-0000{}-of-00003.safetensors", i);
    list += fmt::format("{}{} {}", list.empty() ? "" : ", ", shard, file_hash(fixture("dinov2-sharded") / shard));
  }
  CHECK(export_to(scratch / "net.pt", fixture("dinov2-sharded")).checkpoint == list);
}

TEST_CASE("an export is the same, byte for byte, each time") {
  const Scratch scratch;
  for (const auto precision : {Precision::fp32, Precision::bf16}) {
    export_to(scratch / "a.pt", fixture("clip-quick-gelu"), precision);
    const auto first = read_text(scratch / "a.pt");
    export_to(scratch / "a.pt", fixture("clip-quick-gelu"), precision);
    CHECK((read_text(scratch / "a.pt") == first));
  }
}

TEST_CASE("an exported file does not need its checkpoint") {
  const Scratch scratch;
  fs::copy(fixture("dinov2-same"), scratch / "checkpoint");
  const auto bundle = export_to(scratch / "net.pt", scratch / "checkpoint");
  fs::remove_all(scratch / "checkpoint");
  const auto vectors =
      load_exported(bundle, scratch / "net.pt")->embed(batch_of(array_of("dinov2-same", "input.npy"), 2));
  CHECK(compare(vectors, array_of("dinov2-same", "expected.npy")).difference < 1e-4);
}

TEST_CASE("images that the network does not take are refused before anything is written") {
  const Scratch scratch;
  fs::copy(fixture("clip-vision"), scratch / "checkpoint");
  const auto processor = scratch / "checkpoint" / "preprocessor_config.json";
  fs::copy_file(fixture("clip-gelu") / "preprocessor_config.json", processor, fs::copy_options::overwrite_existing);
  const auto error = error_of([&] { export_to(scratch / "made/net.pt", scratch / "checkpoint"); });
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::input);
  CHECK(error->what() == processor.string() +
                             " prepares images of 18 x 18, but the network takes only 16 x 16; fetch "
                             "both files again from one place");
  CHECK_FALSE(fs::exists(scratch / "made"));
}

TEST_CASE("a network without fixed positions is exported for another size") {
  const Scratch scratch;
  const auto with_side = [&](const std::string& name, int side) {
    return model::export_checkpoint({"net", fixture(name), scratch / "net.pt", Precision::fp32, "", "", {}, side},
                                    describe)
        .bundle.preprocess;
  };
  const auto cropped = with_side("dinov2-same", 24);
  CHECK(cropped.resize_shortest_edge == 24);
  CHECK(cropped.crop == image::Size{24, 24});
  CHECK(with_side("dinov3-gated", 32).resize == image::Size{32, 32});
  const auto error = error_of([&] { with_side("siglip", 32); });
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::usage);
  CHECK(error->what() == "the network of " + fixture("siglip").string() +
                             " takes only images of 18 x 18, because its positions are learned; leave --size out");
}

TEST_CASE("a file that cannot be written is reported, and nothing stays") {
  const Scratch scratch;
  const auto blocked = scratch.write("blocked", "x") / "net.pt";
  const auto error = error_of([&] { export_to(blocked, fixture("dinov2-same")); });
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::resource);
  CHECK(std::string(error->what()).find(blocked.parent_path().string()) != std::string::npos);

  fs::create_directory(scratch / "folder.pt");
  scratch.write("folder.pt/kept", "x");
  const auto taken = error_of([&] { export_to(scratch / "folder.pt", fixture("dinov2-same")); });
  REQUIRE(taken);
  CHECK(taken->code() == ErrorCode::resource);
  CHECK(files_in(scratch / "").size() == 2);
}

TEST_CASE("a full disk leaves the old file, and nothing else") {
  const Scratch scratch;
  const auto file = scratch / "net.pt";
  export_to(file, fixture("dinov2-same"));
  const auto good = read_text(file);
  {
    const FileLimit limit(10'000);
    const auto error = error_of([&] { export_to(file, fixture("dinov2-up")); });
    REQUIRE(error);
    CHECK(error->code() == ErrorCode::resource);
    CHECK(std::string(error->what()).find("File too large") != std::string::npos);
  }
  CHECK((read_text(file) == good));
  CHECK(files_in(scratch / "") == std::vector<std::string>{"net.pt"});
}

TEST_CASE("a disk that is full before LibTorch has written everything ends no program") {
  const Scratch scratch;
  const auto file = scratch / "net.pt";
  const FileLimit limit(10'000);
  auto bundle = builtin_bundle("colour-layout");
  bundle.preprocess.resize = {320, 320};  // the golden sample alone has 1.2 MB, more than any buffer
  const auto error = error_of([&] {
    model::export_builtin(
        bundle, [](const model::Bundle&) { return std::string("x"); }, file);
  });
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::resource);
  CHECK(std::string(error->what()).find("File too large") != std::string::npos);
  CHECK(files_in(scratch / "").empty());
}

TEST_CASE("an export that fails keeps the old file") {
  const Scratch scratch;
  const auto file = scratch / "net.pt";
  export_to(file, fixture("dinov2-same"));
  const auto good = read_text(file);
  CHECK(error_of([&] { export_to(file, scratch / "none"); })->code() == ErrorCode::input);
  const auto refuse = [](const model::Bundle&) -> std::string { throw Error(ErrorCode::mismatch, "another model"); };
  const model::ExportOptions options{"net", fixture("dinov2-up"), file, Precision::fp32, {}, {}, {}};
  CHECK(error_of([&] { model::export_checkpoint(options, refuse); })->code() == ErrorCode::mismatch);
  CHECK((read_text(file) == good));
  CHECK(files_in(scratch / "") == std::vector<std::string>{"net.pt"});
  export_to(file, fixture("dinov2-up"));
  CHECK((read_text(file) != good));
}
