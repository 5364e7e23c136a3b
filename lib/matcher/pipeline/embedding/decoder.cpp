#include "matcher/pipeline/embedding/decoder.hpp"

#include <fmt/format.h>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/core/hash.hpp"
#include "matcher/image/image.hpp"

namespace matcher::pipeline {
namespace {

/// The reason alone: whoever shows it names the path.
std::string_view last_part(std::string_view message) {
  const auto colon = message.rfind(": ");
  return colon == std::string_view::npos ? message : message.substr(colon + 2);
}

bool look_up(Picture& picture, const store::VectorCache* cache) {
  auto found = cache ? cache->find(cache_key(picture.item)) : std::nullopt;
  if (found) picture.vector = std::move(*found);
  return found.has_value();
}

}  // namespace

std::string cache_key(const store::ItemRow& item) {
  return item.path.empty() ? Hasher().field("text").field(item.text).hex() : item.content_hash;
}

Picture prepare(const Work& work, const model::Embedder& embedder, const store::VectorCache* cache) {
  const auto& item = *work.item;
  Picture picture{
      {item.id, item.path, item.label, to_string(work.role), item.split, item.view, item.category, item.text, {}},
      {},
      {},
      {}};
  if (item.path.empty()) {
    picture.item.content_hash = content_hash(std::as_bytes(std::span(item.text)));
    if (!embedder.takes_texts()) picture.reason = "a text, but the model takes pictures only";
    picture.sample.text = item.text;
    if (picture.reason.empty()) look_up(picture, cache);
    return picture;
  }
  try {
    const auto bytes = read_bytes(item.path);
    picture.item.content_hash = content_hash(bytes);
    if (!look_up(picture, cache))
      picture.sample = embedder.prepare(image::decode(bytes, embedder.applies_orientation()));
  } catch (const image::DecodeError& error) {
    picture.reason = error.what();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::input) throw;
    picture.reason = fmt::format("cannot be read: {}", last_part(error.what()));
  }
  return picture;
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
