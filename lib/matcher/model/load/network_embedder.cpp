#include "matcher/model/load/network_embedder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/core/error.hpp"
#include "matcher/files/file.hpp"
#include "matcher/model/bundle/archive.hpp"
#include "matcher/model/bundle/records.hpp"
#include "matcher/model/vector_fingerprint.hpp"

namespace matcher::model {
namespace {

std::string description_of(const Bundle& bundle) { return bundle.origin.empty() ? "its description" : bundle.origin; }

AnyTokenizer read_tokenizer(const fs::path& file) {
  const auto text = file.empty() ? std::nullopt : extra_record(file, tokenizer_record);
  return text ? parse_tokenizer(*text, fmt::format("the vocabulary in {}", file.string())) : nullptr;
}

void copy_rows(const Matrix& from, const std::vector<std::size_t>& rows, Matrix& to) {
  for (std::size_t i = 0; i < rows.size(); ++i) std::ranges::copy(from.row(i), to.row(rows[i]).begin());
}

}  // namespace

image::Size fixed_size(const Bundle& bundle) {
  const auto size = bundle.preprocess.output();
  if (size.height > 0 && size.width > 0) return size;
  throw Error(ErrorCode::usage,
              fmt::format("the size of a prepared image of model \"{}\" would depend on the photo; give "
                          "\"preprocess\" in {} a crop, or a resize with height and width",
                          bundle.name, description_of(bundle)));
}

NetworkEmbedder::NetworkEmbedder(const Bundle& bundle, std::unique_ptr<Network> network,
                                 const std::string& model_fingerprint, std::size_t dimension)
    : bundle_(bundle), size_(fixed_size(bundle)), dimension_(dimension) {
  network_ = std::move(network);
  fingerprint_ = vector_fingerprint(model_fingerprint, network_->precision());
  if (network_->text_length() > 0) tokenizer_ = read_tokenizer(bundle.path);
  if (dimension_ > 0) return;
  dimension_ = std::size_t(bundle.dimension);
  try_zeros(1);
  try_zeros(2);
}

std::string NetworkEmbedder::precision_reason() const {
  const auto reason = network_->precision_reason();
  return reason.empty() ? "" : fmt::format("{} for \"{}\": {}", to_string(precision()), bundle_.name, reason);
}

Sample NetworkEmbedder::prepare(image::LazyImage& image) const {
  const auto& steps = bundle_.preprocess;
  const auto& decoded = image.decode(steps);
  if (network_->takes_pixels() && steps.round) return {{{}}, {}, {image::resize_and_crop(decoded, steps).rgb}};
  std::vector<float> planar(image_length());
  image::prepare(decoded, steps, planar);
  return {{std::move(planar)}};
}

Matrix NetworkEmbedder::embed(std::span<const Sample> batch) {
  std::vector<std::size_t> images, texts;
  for (std::size_t i = 0; i < batch.size(); ++i) (batch[i].is_text() ? texts : images).push_back(i);
  Matrix vectors(batch.size(), dimension_);
  if (!images.empty()) copy_rows(embed_images(batch, images), images, vectors);
  if (!texts.empty()) copy_rows(embed_texts(batch, texts), texts, vectors);
  return vectors;
}

Matrix NetworkEmbedder::embed_images(std::span<const Sample> batch, const Rows& rows) {
  if (network_->takes_pixels() && !batch[rows[0]].pixels.empty()) return embed_pixels(batch, rows);
  Matrix images(rows.size(), image_length());
  for (std::size_t i = 0; i < rows.size(); ++i) std::ranges::copy(tensor_of(batch[rows[i]]), images.row(i).begin());
  return run(images.view());
}

Matrix NetworkEmbedder::embed_pixels(std::span<const Sample> batch, const Rows& rows) {
  std::vector<std::span<const std::uint8_t>> images;
  for (const auto row : rows) {
    const auto& pixels = batch[row].pixels;
    if (pixels.size() != 1 || pixels[0].size() != image_length()) fail_image(pixels.size());
    images.emplace_back(pixels[0]);
  }
  return checked(network_->run(PixelBatch(images)), rows.size());
}

/// Pads each text to the whole length, so that a vector does not depend on the other texts of its batch.
Matrix NetworkEmbedder::embed_texts(std::span<const Sample> batch, const Rows& rows) {
  if (!tokenizer_) fail_no_texts();
  const auto length = network_->text_length();
  std::vector<std::int64_t> ids(rows.size() * length, tokenizer_->pad());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto tokens = tokenizer_->encode(batch[rows[i]].text, length);
    std::ranges::copy(tokens, ids.begin() + std::ptrdiff_t(i * length));
  }
  return checked(network_->run_texts(ids), rows.size());
}

void NetworkEmbedder::fail_no_texts() const {
  throw Error(ErrorCode::usage,
              fmt::format("model \"{}\" takes images only; for texts use a CLIP model that was exported with its "
                          "text tower and vocabulary",
                          bundle_.name));
}

const std::vector<float>& NetworkEmbedder::tensor_of(const Sample& sample) const {
  if (sample.tensors.size() == 1 && sample.tensors[0].size() == image_length()) return sample.tensors[0];
  fail_image(sample.tensors.size());
}

void NetworkEmbedder::fail_image(std::size_t images) const {
  throw Error(ErrorCode::mismatch,
              fmt::format("model \"{}\" takes one image of [3, {}, {}], but got {} of other sizes; prepare "
                          "images with the embedder that embeds them",
                          bundle_.name, size_.height, size_.width, images));
}

/// Finds wrong shapes and dimensions before hours of photos are decoded.
void NetworkEmbedder::try_zeros(std::size_t n) { check_finite(run(Matrix(n, image_length()).view())); }

Matrix NetworkEmbedder::run(MatrixView images) { return checked(network_->run(images), images.rows); }

Matrix NetworkEmbedder::checked(Matrix vectors, std::size_t n) {
  check_shape(vectors, n);
  return vectors;
}

void NetworkEmbedder::check_shape(const Matrix& vectors, std::size_t n) {
  if (vectors.rows != n) {
    throw Error(ErrorCode::mismatch,
                fmt::format("model \"{}\" returns {} vectors for {} images, but matcher needs one for each; export "
                            "it with a batch dimension that is not fixed",
                            bundle_.name, vectors.rows, n));
  }
  if (dimension_ == 0) dimension_ = vectors.cols;
  if (vectors.cols == dimension_) return;
  throw Error(ErrorCode::mismatch, fmt::format("model \"{}\" returns vectors of {} numbers, but {} says {}; correct "
                                               "\"dimension\" there, or use the file that it describes",
                                               bundle_.name, vectors.cols, description_of(bundle_), dimension_));
}

void NetworkEmbedder::check_finite(const Matrix& vectors) const {
  std::size_t broken = 0;
  for (std::size_t i = 0; i < vectors.rows; ++i) broken += is_finite(vectors.row(i)) ? 0 : 1;
  if (broken == 0) return;
  const auto next = precision() == Precision::fp32 ? "use another export of the model" : "use --precision fp32";
  throw Error(ErrorCode::mismatch, fmt::format("model \"{}\" returns NaN or infinity for {} of {} images in {}; {}",
                                               bundle_.name, broken, vectors.rows, to_string(precision()), next));
}

}  // namespace matcher::model
