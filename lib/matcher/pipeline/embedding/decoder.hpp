// Reads, hashes, decodes and prepares images on several threads, ahead of the network and in order.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "matcher/model/embedder.hpp"
#include "matcher/pipeline/embedding/listing.hpp"
#include "matcher/pipeline/embedding/photo.hpp"
#include "matcher/process/ordered_channel.hpp"
#include "matcher/store/cache.hpp"
#include "matcher/store/items.hpp"

namespace matcher::pipeline {

/// An image or a text, ready for the network; or the reason why it cannot be used.
struct Prepared {
  store::ItemRow item;
  model::Sample sample;        ///< empty if the cache has the vector
  std::string reason;          ///< empty if the item can be used
  std::vector<float> vector;   ///< [d], from the cache
  bool lost_alpha = false;     ///< the image is transparent in part, which the model ignores
  bool clipped = false;        ///< the box reaches beyond the image; the part inside is used
  bool can_be_faster = false;  ///< the image was decoded exactly, and a fast decode would make fewer pixels
};

/// Reads, decodes and prepares one item. An unusable image is returned with its reason, not thrown. `cache` nullptr:
/// none. `photo`: the photo that
/// the item's box is on, if several boxes share it.
Prepared prepare(const Work& work, const model::Embedder& embedder, const store::VectorCache* cache = nullptr,
                 Photo* photo = nullptr);

/// True if the reason can pass while the file stays the same: the disk failed, or memory ran out.
bool may_pass(std::string_view reason);

/// The warning about images whose alpha the model ignores.
std::string describe_lost_alpha(std::size_t images, const std::string& model);

/// The warning about boxes that reach beyond their images.
std::string describe_clipped(std::size_t boxes);

/// The key of an item's vector in the cache: the hash of the image's bytes and box, or of the text marked as a text.
std::string cache_key(const store::ItemRow& item);

/// Prepares works `first` onwards on `threads` threads, at most `window` items ahead of next(). Borrows works, embedder
/// and cache, which must outlive it.
class Decoder {
 public:
  Decoder(const std::vector<Work>& works, std::size_t first, const model::Embedder& embedder,
          const store::VectorCache* cache, int threads, std::size_t window);
  ~Decoder();

  /// The next item, in the order of the works; nothing after the last. Throws what a thread threw.
  std::optional<Prepared> next() { return channel_.take(); }

 private:
  void work(const std::vector<Work>& works, const model::Embedder& embedder, const store::VectorCache* cache);
  SharedPhotos photos_;
  OrderedChannel<Prepared> channel_;
  std::vector<std::jthread> threads_;
};

}  // namespace matcher::pipeline
