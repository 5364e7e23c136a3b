// The entry point of the SentencePiece plugin.
#include <sentencepiece_processor.h>

#include <memory>
#include <stdexcept>

#include "matcher/model/text/sentencepiece/pieces.hpp"

namespace matcher::model {
namespace {

class Model : public Pieces {
 public:
  /// Returns the reason if the bytes are no model.
  std::string load(const std::string& bytes) {
    const auto status = processor_.LoadFromSerializedProto(bytes);
    return status.ok() ? std::string() : status.ToString();
  }

  std::vector<int> encode(std::string_view text) const override {
    std::vector<int> ids;
    const auto status = processor_.Encode(text, &ids);
    if (status.ok()) return ids;
    throw std::runtime_error(status.ToString());
  }
  int size() const override { return processor_.GetPieceSize(); }
  int end() const override { return processor_.eos_id(); }
  int unknown() const override { return processor_.unk_id(); }
  std::string piece(int id) const override { return processor_.IdToPiece(id); }
  int find(std::string_view piece) const override { return processor_.PieceToId(piece); }

 private:
  sentencepiece::SentencePieceProcessor processor_;
};

}  // namespace
}  // namespace matcher::model

extern "C" __attribute__((visibility("default"))) matcher::model::Pieces* MATCHER_SENTENCEPIECE_PLUGIN(
    const std::string& model, std::string& error) {
  auto made = std::make_unique<matcher::model::Model>();
  error = made->load(model);
  return error.empty() ? made.release() : nullptr;
}
