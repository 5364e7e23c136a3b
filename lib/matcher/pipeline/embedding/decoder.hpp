// Reads, hashes, decodes and prepares images on several threads, ahead of the network and in order.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "matcher/model/embedder.hpp"
#include "matcher/pipeline/embedding/listing.hpp"
#include "matcher/pipeline/embedding/photo.hpp"
#include "matcher/store/cache.hpp"
#include "matcher/store/items.hpp"

namespace matcher::pipeline {

/// An image or a text, ready for the network; or the reason why it cannot be used.
struct Prepared {
  store::ItemRow item;
  model::Sample sample;        ///< empty if the cache has the vector
  std::string reason;          ///< empty if the item can be used
  std::vector<float> vector;   ///< [d], from the cache; BatchQueue adds that of the network
  bool from_cache = false;     ///< BatchQueue notes it
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

/// Prepares items on several threads. The caller adds items as they come, and takes each when it is ready.
class Decoder {
 public:
  /// Borrows embedder and cache, which must outlive it. `window`: the most items that wait for next(), which bounds the
  /// memory.
  Decoder(const model::Embedder& embedder, const store::VectorCache* cache, int threads, std::size_t window);
  ~Decoder();
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  /// True if fewer items wait than the window has.
  bool has_room() const { return waiting_ < window_; }
  /// Items that were added and not taken yet.
  std::size_t waiting() const { return waiting_; }
  /// Call only if there is room. Borrows the item until next() returns it. Consecutive boxes of a photo share it.
  void add(const Work& work);
  /// The next item, in the order of add(); waits until it is ready. Call only if one waits. Throws what a thread threw.
  Prepared next();

 private:
  struct Slot {
    Work work;
    std::shared_ptr<Photo> photo;
    std::optional<Prepared> ready;
  };
  void work();
  Slot* claim();
  std::shared_ptr<Photo> share_photo(const Work& work);

  const model::Embedder& embedder_;
  const store::VectorCache* cache_;
  const std::size_t window_;
  std::size_t waiting_ = 0;  ///< used by the caller's thread alone, as the next two
  std::string photo_path_;   ///< the photo of the last box
  std::shared_ptr<Photo> photo_;
  std::mutex mutex_;  ///< guards all below
  std::condition_variable added_, ready_;
  std::deque<Slot> slots_;   ///< the items that wait; their places in memory stay
  std::size_t claimed_ = 0;  ///< how many of them a thread works on, or has done
  std::exception_ptr error_;
  bool closed_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace matcher::pipeline
