// Stand-ins for tests of the pipeline: an observer that remembers, an embedder without a network, items and sets.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "matcher/image/image.hpp"
#include "matcher/model/embedder.hpp"
#include "matcher/pipeline/context.hpp"
#include "matcher/store/writer.hpp"
#include "unit/core/scratch.hpp"

namespace matcher::test {

/// Keeps what is logged, without debug messages.
class Listener : public SilentObserver {
 public:
  void log(LogLevel level, std::string_view message) override {
    if (level != LogLevel::debug) messages.emplace_back(message);
  }
  std::vector<std::string> messages;
};

/// The vector of an image is its first pixel, that of a text is (its length, 0, 0).
class FirstPixel : public model::Embedder {
 public:
  explicit FirstPixel(bool takes_texts = false) : takes_texts_(takes_texts) {}
  std::size_t dimension() const override { return 3; }
  std::string fingerprint() const override { return "first pixel"; }
  Device device() const override { return {Device::Kind::cpu, 0}; }
  Precision precision() const override { return Precision::fp32; }
  bool takes_texts() const override { return takes_texts_; }

  model::Sample prepare(image::LazyImage& lazy) const override {
    const auto& image = lazy.decode({});
    return {{{float(image.rgb[0]), float(image.rgb[1]), float(image.rgb[2])}}};
  }

  Matrix embed(std::span<const model::Sample> batch) override {
    Matrix vectors(batch.size(), 3);
    for (std::size_t i = 0; i < batch.size(); ++i) {
      for (std::size_t c = 0; c < 3; ++c) vectors.row(i)[c] = batch[i].is_text() ? 0 : batch[i].tensors[0][c];
      if (batch[i].is_text()) vectors.row(i)[0] = float(batch[i].text.size());
    }
    return vectors;
  }

 private:
  bool takes_texts_;
};

/// A folder, an observer, and the context that names them.
struct Surroundings {
  Scratch scratch;
  Listener observer;
  pipeline::Context context{
      {config::folders_inside(scratch / "work"), {scratch / "models"}, {}}, scratch / "work", observer};

  Surroundings() { fs::create_directories(scratch / "models"); }

  /// A description of a built-in model, or of a model whose file is missing.
  void describe_model(const std::string& name, const std::string& more = "builtin: colour-layout\n") const {
    scratch.write("models/" + name + ".yaml", more + "preprocess: {resize: {height: 8, width: 8}}\n");
  }

  /// A PNG of one colour.
  fs::path draw(const fs::path& name, std::uint8_t red, std::uint8_t green = 0, std::uint8_t blue = 0) const {
    const auto bytes = image::encode_png({1, 1, {red, green, blue}});
    return scratch.write(name, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
};

inline store::ItemRow item(const std::string& id, const std::string& label = "", const std::string& role = "gallery",
                           const std::string& hash = "") {
  return {id, "/" + id, label, role, "", "", "", "", hash.empty() ? "hash of " + id : hash};
}

/// A manifest of a whole set by model "m".
inline store::Manifest manifest() {
  store::Manifest m;
  m.model = {.name = "m", .fingerprint = "f", .precision = "fp32", .device = "cpu", .dimension = 2, .size_bytes = 7};
  m.data = {.name = "shop", .fingerprint = "", .protocol = "p"};
  m.source_fingerprint = "source";
  m.request = "request";
  m.listing = "listing";
  m.images_per_second = 10;
  return m;
}

/// Writes a set of 2-d vectors; row i is (first + i, 1).
inline fs::path write_set(const fs::path& folder, const std::vector<store::ItemRow>& items, store::Manifest m,
                          float first = 0) {
  store::EmbeddingWriter writer(folder, "key", 2);
  Matrix vectors(items.size(), 2);
  for (std::size_t i = 0; i < items.size(); ++i) {
    vectors.row(i)[0] = first + float(i);
    vectors.row(i)[1] = 1;
  }
  writer.append(vectors.view(), items, {}, items.size());
  writer.finish(std::move(m));
  return folder;
}

}  // namespace matcher::test
