#include "matcher/pipeline/embedding/decoder.hpp"

#include <fmt/format.h>

#include "matcher/core/error.hpp"
#include "matcher/files/content_place.hpp"
#include "matcher/files/hash.hpp"
#include "matcher/image/crop.hpp"
#include "matcher/image/lazy_image.hpp"

namespace matcher::pipeline {
namespace {

constexpr std::string_view unreadable = "cannot be read: ", no_memory = "not enough memory";

/// The reason without the path, which the caller prints.
std::string_view last_part(std::string_view message) {
  const auto colon = message.rfind(": ");
  return colon == std::string_view::npos ? message : message.substr(colon + 2);
}

bool find_vector(Prepared& prepared, const store::VectorCache* cache) {
  auto found = cache ? cache->find(cache_key(prepared.item)) : std::nullopt;
  if (found) prepared.vector = std::move(*found);
  return found.has_value();
}

store::ItemRow row_of(const Work& work) {
  const auto& item = *work.item;
  return {item.id,   item.path, item.label, to_string(work.role), item.split, item.view, item.category,
          item.text, {},        item.group};
}

void prepare_text(Prepared& prepared, const model::Embedder& embedder, const store::VectorCache* cache) {
  auto& item = prepared.item;
  item.content_hash = content_hash(std::as_bytes(std::span(item.text)));
  prepared.sample.text = item.text;
  if (!embedder.takes_texts())
    prepared.reason = "a text, but the model takes images only";
  else
    find_vector(prepared, cache);
}

void take_sample(Prepared& prepared, const model::Embedder& embedder, image::LazyImage& image) {
  prepared.sample = embedder.prepare(image);
  prepared.lost_alpha = image.has_alpha() && embedder.drops_alpha();
  prepared.can_be_faster = image.can_be_faster();
}

void prepare_whole(Prepared& prepared, const ContentPlace& place, const model::Embedder& embedder,
                   const store::VectorCache* cache) {
  const auto bytes = read_content(place);
  prepared.item.content_hash = content_hash(bytes);
  if (find_vector(prepared, cache)) return;
  image::use_image(bytes, [&](image::LazyImage& image) { take_sample(prepared, embedder, image); });
}

void prepare_crop(Prepared& prepared, const Box& box, const model::Embedder& embedder, const store::VectorCache* cache,
                  Photo& photo) {
  prepared.item.content_hash = crop_hash(photo.hash(), box);
  if (find_vector(prepared, cache)) return;
  const auto& pixels = photo.pixels();
  image::LazyImage image(image::crop(pixels, box));
  take_sample(prepared, embedder, image);
  prepared.clipped = find_pixels(box, pixels.width, pixels.height)->clipped;
}

/// Adds the row of a box to the reason: the image alone does not say which box it is.
std::string located(const std::string& reason, const dataset::Item& item) {
  if (item.source.empty() || !parse_place(item.path).box) return reason;
  return fmt::format("{} ({})", reason, dataset::describe_origin(item));
}

void prepare_image(Prepared& prepared, const Work& work, const model::Embedder& embedder,
                   const store::VectorCache* cache, Photo* photo) {
  try {
    const auto place = parse_place(prepared.item.path);
    if (!place.box) return prepare_whole(prepared, place, embedder, cache);
    Photo own(place);
    prepare_crop(prepared, *place.box, embedder, cache, photo == nullptr ? own : *photo);
  } catch (const image::DecodeError& error) {
    prepared.reason = located(error.what(), *work.item);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::input) throw;
    prepared.reason = fmt::format("{}{}", unreadable, last_part(error.what()));
  }
}

}  // namespace

bool may_pass(std::string_view reason) { return reason.starts_with(unreadable) || reason.starts_with(no_memory); }

std::string describe_lost_alpha(std::size_t images, const std::string& model) {
  return fmt::format(
      "{} image{} transparent in part, and model \"{}\" ignores that: hidden colours count. To compose onto white, "
      "as transformers 5 does, write transparent: white under preprocess in the model's description, or export its "
      "checkpoint "
      "again",
      images, images == 1 ? " is" : "s are", model);
}

std::string cache_key(const store::ItemRow& item) {
  return item.path.empty() ? Hasher().field("text").field(item.text).hex() : item.content_hash;
}

std::string describe_clipped(std::size_t boxes) {
  return fmt::format("{} reach{} beyond {}; only the part inside is used",
                     boxes == 1 ? "1 box" : fmt::format("{} boxes", boxes), boxes == 1 ? "es" : "",
                     boxes == 1 ? "its image" : "their images");
}

Prepared prepare(const Work& work, const model::Embedder& embedder, const store::VectorCache* cache, Photo* photo) {
  Prepared prepared{.item = row_of(work), .sample = {}, .reason = {}, .vector = {}};
  if (prepared.item.path.empty())
    prepare_text(prepared, embedder, cache);
  else
    prepare_image(prepared, work, embedder, cache, photo);
  return prepared;
}

Decoder::Decoder(const model::Embedder& embedder, const store::VectorCache* cache, int threads, std::size_t window)
    : embedder_(embedder), cache_(cache), window_(window) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

Decoder::~Decoder() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  added_.notify_all();
}

void Decoder::add(const Work& work) {
  auto photo = share_photo(work);
  ++waiting_;
  const std::lock_guard lock(mutex_);
  slots_.push_back({work, std::move(photo), std::nullopt});
  added_.notify_one();
}

Prepared Decoder::next() {
  std::unique_lock lock(mutex_);
  auto& slot = slots_.front();
  ready_.wait(lock, [&] { return slot.ready || error_; });
  if (!slot.ready) std::rethrow_exception(error_);
  auto prepared = std::move(*slot.ready);
  slots_.pop_front();
  --claimed_;
  --waiting_;
  return prepared;
}

/// The photo of a box, which is kept until another item is added; null for whole images and texts.
std::shared_ptr<Photo> Decoder::share_photo(const Work& work) {
  auto place = parse_place(work.item->path);
  if (!place.box) return photo_ = nullptr;
  if (photo_ && place.photo() == photo_path_) return photo_;
  photo_path_ = place.photo();
  return photo_ = std::make_shared<Photo>(std::move(place));
}

/// Waits for an item that no thread works on. Null at the end.
Decoder::Slot* Decoder::claim() {
  std::unique_lock lock(mutex_);
  added_.wait(lock, [this] { return closed_ || claimed_ < slots_.size(); });
  return closed_ ? nullptr : &slots_[claimed_++];
}

void Decoder::work() {
  try {
    while (auto* slot = claim()) {
      auto prepared = prepare(slot->work, embedder_, cache_, slot->photo.get());
      const auto photo = std::exchange(slot->photo, nullptr);  // its memory is freed without the lock
      const std::lock_guard lock(mutex_);
      slot->ready = std::move(prepared);
      ready_.notify_one();
    }
  } catch (...) {
    const std::lock_guard lock(mutex_);
    error_ = std::current_exception();
    ready_.notify_one();
  }
}

}  // namespace matcher::pipeline
