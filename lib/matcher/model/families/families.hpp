// The model families that matcher builds from a checkpoint. A new family is a file in this folder and a name in
// MATCHER_FAMILIES. Tensor names and defaults are those of transformers.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "matcher/image/preprocess.hpp"
#include "matcher/model/checkpoint/checkpoint.hpp"
#include "matcher/model/network/blueprint.hpp"
#include "matcher/model/text/styled_tokenizer.hpp"

namespace matcher::model {

struct TextTower {
  std::int64_t vocabulary = 0;       ///< tokens that the tower knows
  std::int64_t end_token = 0;        ///< the token that must end a text
  TokenizerKinds tokenizers{};       ///< read its texts
  std::optional<TextStyle> style{};  ///< cleaning and padding, if they are not the tokenizer's own
};

/// A network from a checkpoint: `forward(images)`, and with a text tower `encode_text(ids: [n, t])`, where t is the
/// first side of the weight `text_positions`.
struct Architecture {
  std::string summary;  ///< "24 layers of 1024, patches of 14"
  int dimension = 0;
  int patch = 0;       ///< side of a patch, pixels
  int fixed_side = 0;  ///< the only side of an image that the network takes, pixels; 0: any
  Blueprint network;
  std::optional<TextTower> text{};
};

struct Family;

/// True if "model_type" in config.json is one of the family's.
bool has_model_type(const Family& family, const Checkpoint& checkpoint);

struct Family {
  const char* name;                               ///< "clip"
  std::span<const std::string_view> model_types;  ///< values of "model_type" in config.json
  bool (*matches)(const Family&, const Checkpoint&) = has_model_type;
  /// Reads the network. Throws Error(input) if the tensors do not fit.
  Architecture (*read)(Checkpoint&);
  /// Reads the image processor, with the family's defaults. Throws Error(input).
  image::Preprocess (*preprocess)(const Checkpoint&);
};

#define MATCHER_FAMILIES(add) add(dinov2) add(clip) add(siglip) add(dinov3) add(vit) add(timm) add(open_clip)

/// All families, in the order of MATCHER_FAMILIES.
std::span<const Family* const> families();

/// Returns the first family that matches. Throws Error(input) with the known model types if there is none.
const Family& find_family(const Checkpoint& checkpoint, std::span<const Family* const> table = families());

/// Reads the network of a checkpoint. Throws Error(input) for tensors that are missing, do not fit, or are left over.
Architecture read_architecture(const Family& family, Checkpoint& checkpoint);

#define MATCHER_DECLARE(family) extern const Family family##_family;
MATCHER_FAMILIES(MATCHER_DECLARE)
#undef MATCHER_DECLARE

}  // namespace matcher::model
