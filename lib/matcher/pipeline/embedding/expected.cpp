#include "matcher/pipeline/embedding/expected.hpp"

#include <fmt/format.h>

#include <optional>

#include "matcher/core/error.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/npy.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/model/golden.hpp"
#include "matcher/pipeline/embedding/decoder.hpp"

namespace matcher::pipeline {
namespace {

using Vectors = std::vector<std::vector<float>>;

void check_length(const std::string& name, std::size_t length, std::size_t dimension) {
  if (length == dimension) return;
  throw Error(
      ErrorCode::mismatch,
      fmt::format("{} has {} numbers, but the model returns {}: it belongs to another model", name, length, dimension));
}

std::vector<fs::path> sorted_files(const fs::path& folder) {
  if (!is_folder(folder)) {
    throw Error(ErrorCode::input,
                fmt::format("\"{}\" is not a folder; give one with images and .npy files", folder.string()));
  }
  std::vector<fs::path> files;
  for (const auto& file : list_folder(folder)) {
    if (is_file(file) && file.filename().string()[0] != '.') files.push_back(file);
  }
  return files;
}

NpyArray read_array(const fs::path& file) { return parse_npy(read_text(file), file.string()); }

/// Reads the file beside an image.
std::vector<float> read_own_vector(const fs::path& image, std::size_t dimension) {
  for (const auto& file : {fs::path(image.string() + ".npy"), fs::path(image).replace_extension(".npy")}) {
    if (!path_exists(file)) continue;
    auto array = read_array(file);
    check_length(file.string(), array.values.size(), dimension);
    return std::move(array.values);
  }
  throw Error(ErrorCode::input, fmt::format("{} has no expected vector; put it beside the image as {}.npy",
                                            image.string(), image.filename().string()));
}

Vectors read_own_vectors(const std::vector<fs::path>& images, std::size_t dimension) {
  Vectors vectors;
  for (const auto& image : images) vectors.push_back(read_own_vector(image, dimension));
  return vectors;
}

Vectors split_rows(const NpyArray& array, const fs::path& file, std::size_t images, std::size_t dimension) {
  if (array.shape[0] != images) {
    throw Error(ErrorCode::input, fmt::format("{} has {} vectors for {} images; it needs the shape [{}, {}]",
                                              file.string(), array.shape[0], images, images, dimension));
  }
  check_length(file.string(), array.shape[1], dimension);
  Vectors rows;
  for (std::size_t i = 0; i < images; ++i) {
    const auto first = array.values.begin() + std::ptrdiff_t(i * dimension);
    rows.emplace_back(first, first + std::ptrdiff_t(dimension));
  }
  return rows;
}

/// A single 2-d array holds the vectors of several images.
Vectors read_vectors(const std::vector<fs::path>& images, const std::vector<fs::path>& arrays, std::size_t dimension) {
  if (arrays.size() == 1 && images.size() > 1) {
    const auto array = read_array(arrays[0]);
    if (array.shape.size() == 2) return split_rows(array, arrays[0], images.size(), dimension);
  }
  return read_own_vectors(images, dimension);
}

model::Sample prepare_image(const fs::path& file, const model::Embedder& embedder) {
  dataset::Item item;
  item.id = item.path = file.string();
  auto prepared = prepare({&item, Role::queries}, embedder);
  if (prepared.reason.empty()) return std::move(prepared.sample);
  throw Error(ErrorCode::input, fmt::format("{}: {}", file.string(), prepared.reason));
}

}  // namespace

std::vector<Expected> read_expected(const fs::path& folder, const model::Embedder& embedder) {
  std::vector<fs::path> images, arrays;
  for (const auto& file : sorted_files(folder)) (file.extension() == ".npy" ? arrays : images).push_back(file);
  if (images.empty() || arrays.empty()) {
    throw Error(ErrorCode::input, fmt::format("\"{}\" has {} images and {} .npy files; both are needed",
                                              folder.string(), images.size(), arrays.size()));
  }
  auto vectors = read_vectors(images, arrays, embedder.dimension());
  std::vector<Expected> all;
  for (std::size_t i = 0; i < images.size(); ++i)
    all.push_back({images[i].string(), prepare_image(images[i], embedder), std::move(vectors[i])});
  return all;
}

std::vector<Expected> read_golden_sample(const model::Bundle& bundle, const model::Embedder& embedder) {
  const auto golden = bundle.path.empty() ? std::nullopt : model::read_golden(bundle.path);
  if (!golden) {
    throw Error(ErrorCode::input,
                fmt::format("{} has no golden sample, because matcher export did not make it. Give a folder with "
                            "images and their vectors: matcher verify {} FOLDER",
                            bundle.path.empty() ? bundle.name : bundle.path.string(), bundle.name));
  }
  check_length("the golden embedding", golden->embedding.values.size(), embedder.dimension());
  std::vector<Expected> all{{"the image", {{golden->input.values}}, golden->embedding.values}};
  if (!golden->text.empty()) all.push_back({"the text", {{}, golden->text}, golden->text_embedding.values});
  return all;
}

}  // namespace matcher::pipeline
