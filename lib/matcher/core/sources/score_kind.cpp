#include "matcher/core/score_kind.hpp"

#include <fmt/format.h>

#include "matcher/core/error.hpp"

namespace matcher {

const char* to_string(ScoreKind kind) { return kind == ScoreKind::margin ? "margin" : "cosine"; }

ScoreKind parse_score_kind(std::string_view text) {
  if (text == "cosine") return ScoreKind::cosine;
  if (text == "margin") return ScoreKind::margin;
  throw Error(ErrorCode::usage, fmt::format("unknown score \"{}\"; use cosine or margin", text));
}

}  // namespace matcher
