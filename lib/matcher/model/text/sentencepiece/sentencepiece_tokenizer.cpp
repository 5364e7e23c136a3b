#include "matcher/model/text/sentencepiece/sentencepiece_tokenizer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "matcher/core/error.hpp"
#include "matcher/core/schemas.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/model/text/cleaning.hpp"
#include "matcher/model/text/clip_words.hpp"
#include "matcher/model/text/sentencepiece/sentencepiece_model.hpp"
#include "matcher/model/text/vocabulary.hpp"
#include "matcher/process/plugin.hpp"

#define MATCHER_QUOTED(name) #name
#define MATCHER_SYMBOL(name) MATCHER_QUOTED(name)

namespace matcher::model {
namespace {

constexpr const char* plugin_symbol = MATCHER_SYMBOL(MATCHER_SENTENCEPIECE_PLUGIN);

constexpr const char* model_file = "spiece.model";
constexpr std::string_view visible_space = "\u2581";
/// Field 3 of the model, the normaliser, with its field 3, "add_dummy_prefix", false. Protocol buffers merge a field
/// that follows the same field, so this changes a serialised model.
constexpr std::string_view no_prefix("\x1a\x02\x18\x00", 4);
constexpr std::string_view digits = "0123456789abcdef";

std::string to_hex(std::string_view bytes) {
  std::string hex;
  hex.reserve(2 * bytes.size());
  for (const unsigned char byte : bytes) hex += {digits[byte >> 4], digits[byte & 15]};
  return hex;
}

std::string from_hex(std::string_view hex, const std::string& origin) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const auto high = digits.find(hex[i]), low = i + 1 < hex.size() ? digits.find(hex[i + 1]) : std::string_view::npos;
    if (high == std::string_view::npos || low == std::string_view::npos)
      fail_vocabulary(origin, "is damaged: its model is not hexadecimal");
    bytes += char(high << 4 | low);
  }
  return bytes;
}

/// A character that stands for a space is one.
std::string with_plain_spaces(std::string_view text) {
  std::string result(text);
  for (auto at = result.find(visible_space); at != std::string::npos; at = result.find(visible_space, at))
    result.replace(at, visible_space.size(), " ");
  return result;
}

std::unique_ptr<const Pieces> open_model(const std::string& bytes, const std::string& origin) {
  constexpr PluginName plugin{"SentencePiece", "libmatcher_sentencepiece.so", plugin_symbol};
  static const auto read = reinterpret_cast<PiecesFactory>(open_plugin(plugin));
  std::string error;
  std::unique_ptr<const Pieces> pieces(read(bytes, error));
  if (!pieces) fail_vocabulary(origin, fmt::format("is not a SentencePiece model ({})", quote(error)));
  return pieces;
}

AnyTokenizer read_model(const fs::path& file) {
  return std::make_unique<SentencePieceTokenizer>(read_text(file), file.string());
}

/// Reads spiece.model, or a tokenizer.json with a unigram model; null if there is neither.
AnyTokenizer find_model(const fs::path& folder) {
  if (path_exists(folder / model_file)) return read_model(folder / model_file);
  const auto file = folder / "tokenizer.json";
  if (!path_exists(file)) return nullptr;
  const auto object = parse_object(read_text(file), file.string());
  if (!is_unigram(object)) return nullptr;
  return std::make_unique<SentencePieceTokenizer>(sentencepiece_model(object, file.string()), file.string());
}

AnyTokenizer parse(const nlohmann::json& object, const std::string& origin) {
  const auto& model = vocabulary_member(object, "model", nlohmann::json::value_t::string, origin);
  return std::make_unique<SentencePieceTokenizer>(from_hex(model.get<std::string>(), origin), origin);
}

}  // namespace

SentencePieceTokenizer::SentencePieceTokenizer(std::string model, const std::string& origin)
    : model_(std::move(model)), pieces_(open_model(model_ + std::string(no_prefix), origin)) {
  for (const auto id : {pieces_->end(), pieces_->unknown()}) {
    if (id < 0) fail_vocabulary(origin, "is damaged: it has no token that ends a text, or none for unknown characters");
    added_.add(pieces_->piece(id), id);
  }
  unknown_ = pieces_->piece(pieces_->unknown());
  unknown_size_ = std::ptrdiff_t(pieces_->encode(unknown_).size());
}

/// SentencePiece drops a space at the begin of a text, so another text stands before it.
void SentencePieceTokenizer::append(const std::string& text, std::vector<std::int64_t>& ids) const try {
  const auto pieces = pieces_->encode(unknown_ + text);
  ids.insert(ids.end(), pieces.begin() + std::min(unknown_size_, std::ssize(pieces)), pieces.end());
} catch (const std::runtime_error& error) {
  throw Error(ErrorCode::input, fmt::format("SentencePiece cannot divide the text ({})", error.what()));
}

std::vector<std::int64_t> SentencePieceTokenizer::encode(std::string_view text, std::size_t context_length) const {
  check_utf8(text);
  std::vector<std::int64_t> ids;
  added_.split(
      std::string(visible_space) + with_plain_spaces(text),
      [&](std::string_view part) { append(clean(part, Cleaning::siglip), ids); },
      [&](std::int32_t token) {
        if (ids.size() == 1 && ids[0] == pieces_->find(visible_space)) ids.clear();
        ids.push_back(token);
      });
  ids.resize(std::min(ids.size(), context_length - 1));
  if (ids.empty() || ids.back() != end()) ids.push_back(end());
  return ids;
}

std::size_t SentencePieceTokenizer::size() const { return std::size_t(pieces_->size()); }

std::int64_t SentencePieceTokenizer::end() const { return pieces_->end(); }

std::string SentencePieceTokenizer::serialise() const {
  return nlohmann::json{{"schema", schema::sentencepiece_tokenizer}, {"model", to_hex(model_)}}.dump();
}

const TokenizerKind sentencepiece_tokenizer{
    .name = "sentencepiece",
    .schema = schema::sentencepiece_tokenizer,
    .files = model_file,
    .find = find_model,
    .read = read_model,
    .parse = parse,
};

}  // namespace matcher::model
