// The border to the SentencePiece plugin. Debian's SentencePiece contains its own protocol buffers, whose symbols must
// not meet those of LibTorch; a plugin keeps them to itself. Plain data and the standard library only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace matcher::model {

/// A SentencePiece model. Thread-safe.
class Pieces {
 public:
  virtual ~Pieces() = default;
  /// Returns the ids of a text. Throws std::runtime_error if SentencePiece fails.
  virtual std::vector<int> encode(std::string_view text) const = 0;
  virtual int size() const = 0;
  virtual int end() const = 0;      ///< the token that ends a text; -1: none
  virtual int unknown() const = 0;  ///< the token for unknown characters; -1: none
  virtual std::string piece(int id) const = 0;
  virtual int find(std::string_view piece) const = 0;
};

/// The plugin's one exported function: reads the bytes of a model. Returns null, and the reason in `error`, if they are
/// none. Raise the number with every change above.
#define MATCHER_SENTENCEPIECE_PLUGIN matcher_sentencepiece_plugin_1
using PiecesFactory = Pieces* (*)(const std::string& model, std::string& error);

}  // namespace matcher::model
