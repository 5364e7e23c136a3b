// An embedder made from a bundle and its network.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "matcher/model/network/network.hpp"
#include "matcher/model/text/tokenizer.hpp"

namespace matcher::model {

/// The size of every prepared image. Throws Error(usage) if it depends on the image.
image::Size fixed_size(const Bundle& bundle);

class NetworkEmbedder : public Embedder {
 public:
  /// `dimension` 0: unknown, so the network is tried with images of zeros. Throws as model::load does.
  NetworkEmbedder(const Bundle& bundle, std::unique_ptr<Network> network, const std::string& model_fingerprint,
                  std::size_t dimension);

  std::size_t dimension() const override { return dimension_; }
  std::string fingerprint() const override { return fingerprint_; }
  Device device() const override { return network_->device(); }
  Precision precision() const override { return network_->precision(); }
  std::string precision_choice() const override { return choice_; }
  std::string precision_reason() const override;
  Layout layout() const { return network_->layout(); }
  void explain_precision(std::string choice) { choice_ = std::move(choice); }
  bool drops_alpha() const override { return bundle_.preprocess.transparent != image::Transparent::white; }
  bool takes_texts() const override { return tokenizer_ != nullptr; }
  int lanes() const override { return network_->lanes(); }
  Sample prepare(image::LazyImage& image) const override;
  Matrix embed(std::span<const Sample> batch) override;

 private:
  using Rows = std::vector<std::size_t>;
  Matrix embed_images(std::span<const Sample> batch, const Rows& rows);
  Matrix embed_pixels(std::span<const Sample> batch, const Rows& rows);
  Matrix embed_texts(std::span<const Sample> batch, const Rows& rows);
  [[noreturn]] void fail_no_texts() const;
  [[noreturn]] void fail_image(std::size_t images) const;
  std::size_t image_length() const { return 3 * std::size_t(size_.height) * std::size_t(size_.width); }
  const std::vector<float>& tensor_of(const Sample& sample) const;
  void try_zeros(std::size_t n);
  Matrix run(MatrixView images);
  Matrix checked(Matrix vectors, std::size_t n);
  void check_shape(const Matrix& vectors, std::size_t n);
  void check_finite(const Matrix& vectors) const;

  Bundle bundle_;
  image::Size size_;
  std::size_t dimension_;  ///< 0: not in the bundle, and nothing was embedded yet
  std::unique_ptr<Network> network_;
  std::string fingerprint_, choice_;
  AnyTokenizer tokenizer_;  ///< null: the model takes no texts
};

}  // namespace matcher::model
