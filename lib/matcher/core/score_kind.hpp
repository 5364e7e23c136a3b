// The score of a query that is compared with a threshold.
#pragma once

#include <string>
#include <string_view>

namespace matcher {

enum class ScoreKind {
  cosine,  ///< cosine of the best answer
  margin   ///< cosine of the best answer less that of the best answer of another product, 0 to 2
};

const char* to_string(ScoreKind kind);

/// Parses "cosine" or "margin". Throws Error(usage).
ScoreKind parse_score_kind(std::string_view text);

}  // namespace matcher
