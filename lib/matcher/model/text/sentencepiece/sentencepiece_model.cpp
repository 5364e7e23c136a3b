// Reference: sentencepiece_model.proto of SentencePiece, and the encoding of protocol buffers.
#include "matcher/model/text/sentencepiece/sentencepiece_model.hpp"

#include <fmt/format.h>

#include <bit>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>

#include "matcher/model/text/vocabulary.hpp"

namespace matcher::model {
namespace {

using json = nlohmann::json;

enum Piece : int { normal = 1, unknown = 2, control = 3 };

/// Writes fields of a protocol buffer.
class Message {
 public:
  void number(int field, std::int64_t value) {
    varint(std::uint64_t(field) << 3);
    varint(std::uint64_t(value));
  }
  void real(int field, float value) {
    varint(std::uint64_t(field) << 3 | 5);
    const auto bits = std::bit_cast<std::uint32_t>(value);
    for (int shift = 0; shift < 32; shift += 8) bytes_ += char(bits >> shift);
  }
  void text(int field, std::string_view value) {
    varint(std::uint64_t(field) << 3 | 2);
    varint(value.size());
    bytes_ += value;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += char(value | 0x80);
    bytes_ += char(value);
  }

  std::string bytes_;
};

std::string from_base64(std::string_view text, const std::string& origin) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text.substr(0, text.find('='))) {
    const auto digit = digits.find(c);
    if (digit == std::string_view::npos)
      fail_vocabulary(origin, "is damaged: its \"precompiled_charsmap\" is not base64");
    bits = bits << 6 | std::uint32_t(digit);
    count += 6;
    if (count >= 8) bytes += char(bits >> (count -= 8));
  }
  return bytes;
}

/// Returns the map of characters, which may be one of several normalisers.
std::string characters(const json& normalizer, const std::string& origin) {
  if (!normalizer.is_object()) return {};
  if (normalizer.value("type", json()) == "Precompiled") {
    const auto& map = normalizer.value("precompiled_charsmap", json());
    return map.is_string() ? from_base64(map.get<std::string>(), origin) : std::string();
  }
  for (const auto& part : normalizer.value("normalizers", json::array()))
    if (auto map = characters(part, origin); !map.empty()) return map;
  return {};
}

std::set<std::string> special_tokens(const json& file) {
  std::set<std::string> tokens;
  for (const auto& token : file.value("added_tokens", json::array()))
    if (token.is_object() && token.value("content", json()).is_string()) tokens.insert(token["content"]);
  return tokens;
}

std::string encode_piece(const json& entry, Piece type, const std::string& origin) {
  if (!entry.is_array() || entry.size() != 2 || !entry[0].is_string() || !entry[1].is_number())
    fail_vocabulary(origin, fmt::format("is damaged: {} is not a piece with a score", quote(entry.dump())));
  Message piece;
  piece.text(1, entry[0].get<std::string>());
  piece.real(2, entry[1].get<float>());
  if (type != normal) piece.number(3, type);
  return piece.bytes();
}

/// Numbers of the special pieces in SentencePiece's TrainerSpec.
std::string encode_trainer(std::int64_t unknown_id, std::int64_t end_id) {
  constexpr int model_type = 3, unk_id = 40, bos_id = 41, eos_id = 42, pad_id = 43, unigram = 1;
  Message trainer;
  trainer.number(model_type, unigram);
  trainer.number(unk_id, unknown_id);
  trainer.number(bos_id, -1);
  trainer.number(eos_id, end_id);
  trainer.number(pad_id, -1);
  return trainer.bytes();
}

}  // namespace

bool is_unigram(const json& file) {
  const auto model = file.value("model", json::object());
  return model.is_object() && model.value("type", json()) == "Unigram";
}

std::string sentencepiece_model(const json& file, const std::string& origin) {
  if (!is_unigram(file)) fail_vocabulary(origin, "has no unigram model");
  const auto& model = file.at("model");
  const auto unknown_id = model.value("unk_id", json());
  if (!unknown_id.is_number_unsigned()) fail_vocabulary(origin, "is damaged: it has no number \"unk_id\"");
  const auto specials = special_tokens(file);
  Message whole;
  std::int64_t id = 0, end = -1;
  for (const auto& entry : vocabulary_member(model, "vocab", json::value_t::array, origin)) {
    const auto text = entry.is_array() && !entry.empty() && entry[0].is_string() ? entry[0].get<std::string>() : "";
    if (text == "</s>") end = id;
    const auto type = id == unknown_id.get<std::int64_t>() ? unknown : specials.contains(text) ? control : normal;
    whole.text(1, encode_piece(entry, type, origin));
    ++id;
  }
  whole.text(2, encode_trainer(unknown_id.get<std::int64_t>(), end));
  Message normaliser;
  normaliser.text(2, characters(file.value("normalizer", json()), origin));
  whole.text(3, normaliser.bytes());
  return whole.bytes();
}

}  // namespace matcher::model
