// An embedder made of a bundle and its network. Private to this layer.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "matcher/model/network/network.hpp"
#include "matcher/model/text/clip_tokenizer.hpp"

namespace matcher::model {

/// Of every prepared picture. Throws Error(usage) when it depends on the photo.
image::Size fixed_size(const Bundle& bundle);

class NetworkEmbedder : public Embedder {
 public:
  /// `dimension` 0: it is not known, and the network is tried with pictures of zeros. Throws as model::load does.
  NetworkEmbedder(const Bundle& bundle, std::unique_ptr<Network> network, const std::string& model_fingerprint,
                  std::size_t dimension);

  std::size_t dimension() const override { return dimension_; }
  std::string fingerprint() const override { return fingerprint_; }
  Device device() const override { return network_->device(); }
  Precision precision() const override { return network_->precision(); }
  std::string precision_choice() const override { return choice_; }
  void explain_precision(std::string choice) { choice_ = std::move(choice); }
  bool applies_orientation() const override { return bundle_.preprocess.apply_orientation; }
  bool takes_texts() const override { return tokenizer_.has_value(); }
  int lanes() const override { return network_->lanes(); }
  Sample prepare(const image::Image& image) const override;
  Matrix embed(std::span<const Sample> batch) override;

 private:
  using Rows = std::vector<std::size_t>;
  Matrix embed_pictures(std::span<const Sample> batch, const Rows& rows);
  Matrix embed_pixels(std::span<const Sample> batch, const Rows& rows);
  Matrix embed_texts(std::span<const Sample> batch, const Rows& rows);
  [[noreturn]] void fail_no_texts() const;
  [[noreturn]] void fail_picture(std::size_t pictures) const;
  std::size_t picture_length() const { return 3 * std::size_t(size_.height) * std::size_t(size_.width); }
  const std::vector<float>& picture_of(const Sample& sample) const;
  void try_zeros(std::size_t n);
  Matrix run(MatrixView pictures);
  Matrix checked(Matrix vectors, std::size_t n);
  void check_shape(const Matrix& vectors, std::size_t n);
  void check_finite(const Matrix& vectors) const;

  Bundle bundle_;
  image::Size size_;
  std::size_t dimension_;  ///< 0 until the first output when the bundle does not say it
  std::unique_ptr<Network> network_;
  std::string fingerprint_, choice_;
  std::optional<Tokenizer> tokenizer_;  ///< where there is a text tower
};

}  // namespace matcher::model
