#include "matcher/pipeline/embedding/decoder.hpp"

#include <fmt/format.h>

#include "matcher/core/error.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/hash.hpp"
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
  return {item.id, item.path, item.label, to_string(work.role), item.split, item.view, item.category, item.text, {}};
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

void prepare_image(Prepared& prepared, const model::Embedder& embedder, const store::VectorCache* cache) {
  try {
    const auto bytes = read_bytes(prepared.item.path);
    prepared.item.content_hash = content_hash(bytes);
    if (find_vector(prepared, cache)) return;
    image::use_image(bytes, [&](image::LazyImage& image) {
      prepared.sample = embedder.prepare(image);
      prepared.lost_alpha = image.has_alpha() && embedder.drops_alpha();
      prepared.can_be_faster = image.can_be_faster();
    });
  } catch (const image::DecodeError& error) {
    prepared.reason = error.what();
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

Prepared prepare(const Work& work, const model::Embedder& embedder, const store::VectorCache* cache) {
  Prepared prepared{.item = row_of(work), .sample = {}, .reason = {}, .vector = {}};
  if (prepared.item.path.empty())
    prepare_text(prepared, embedder, cache);
  else
    prepare_image(prepared, embedder, cache);
  return prepared;
}

Decoder::Decoder(const std::vector<Work>& works, std::size_t first, const model::Embedder& embedder,
                 const store::VectorCache* cache, int threads, std::size_t window)
    : channel_(first, works.size(), window) {
  for (int i = 0; i < threads; ++i)
    threads_.emplace_back([this, &works, &embedder, cache] { work(works, embedder, cache); });
}

Decoder::~Decoder() { channel_.close(); }

void Decoder::work(const std::vector<Work>& works, const model::Embedder& embedder, const store::VectorCache* cache) {
  try {
    while (const auto number = channel_.claim()) channel_.put(*number, prepare(works[*number], embedder, cache));
  } catch (...) {
    channel_.fail(std::current_exception());
  }
}

}  // namespace matcher::pipeline
