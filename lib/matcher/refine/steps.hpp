// Steps that make a variant of a model, as in NAME@flip@dba=5. A new step is one file in steps/ and a name in
// MATCHER_STEPS.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "matcher/core/matrix.hpp"
#include "matcher/refine/linear_map.hpp"
#include "matcher/refine/scatter.hpp"

namespace matcher::refine {

/// When a step is done, in this order: while an image is decoded; while it is embedded; to the vectors of the gallery,
/// and those of queries if they are mapped too; while queries are searched.
enum class Stage { decoding, embedding, gallery, search };

struct Step {
  const char* name;
  const char* summary;  ///< one line for people
  Stage stage;
  std::size_t most = 0;       ///< the largest value; 0: the step takes none
  std::size_t usual = 0;      ///< the value if none is given; 0: it must be given
  const char* value_is = "";  ///< the meaning of the value, for people

  /// Embedding: changes the pixels of a decoded image or of its alpha, [height, width, channels]; twice gives the
  /// image again. The vector is the mean of those of the image and the changed image, scaled to unit length.
  void (*change_pixels)(std::span<std::uint8_t> pixels, std::size_t width, std::size_t channels) = nullptr;
  /// Gallery: learns a map of the gallery's and the queries' vectors.
  LinearMap (*fit)(const Scatter& gallery, std::size_t value) = nullptr;
  /// Gallery: shortens the gallery's and the queries' vectors, without learning.
  Matrix (*shorten)(MatrixView unit, std::size_t value) = nullptr;
  /// Gallery: combines each vector with its `value` nearest others. Search: combines a query with its first `value`
  /// answers, and searches again. `nearest` is [value, d]; the result has unit length.
  void (*combine)(std::span<float> unit, MatrixView nearest) = nullptr;
  /// Search: returns new scores of the first `value` answers, above 0.
  std::vector<float> (*rescore)(std::span<const float> query, MatrixView answers) = nullptr;

  bool takes_value() const { return most > 0; }
  bool maps_queries() const { return fit != nullptr || shorten != nullptr; }
};

/// A step with its value.
struct GivenStep {
  const Step* step = nullptr;
  std::size_t value = 0;
  bool operator==(const GivenStep&) const = default;
};
using Steps = std::vector<GivenStep>;

#define MATCHER_STEPS(add) add(exact) add(fast) add(flip) add(centre) add(whiten) add(dim) add(dba) add(aqe) add(rerank)

std::span<const Step* const> steps();

/// "flip, centre, whiten=N": the steps, for messages.
std::string step_forms();

/// Parses "flip" or "dba=5"; returns nothing if the name is of no step. Throws Error(usage) for a value that is
/// missing, out of range, or not taken.
std::optional<GivenStep> parse_step(std::string_view text);

/// Parses what to_string() wrote. Throws Error(mismatch) for a step that this version does not have.
Steps parse_steps(std::span<const std::string> texts);

/// "dba=5"; the usual value is left out.
std::string to_string(const GivenStep& given);
std::vector<std::string> to_strings(std::span<const GivenStep> given);

/// "@flip@dba=5"; "" without steps.
std::string suffix_of(std::span<const GivenStep> given);

/// The fingerprint of a variant's vectors, from those of the vectors that the steps change; the same without steps.
std::string steps_fingerprint(const std::string& fingerprint, std::span<const GivenStep> given);

/// The dimension of vectors of `d` dimensions after the steps.
std::size_t dimension_after(std::span<const GivenStep> given, std::size_t d);

#define MATCHER_DECLARE(name) extern const Step name##_step;
MATCHER_STEPS(MATCHER_DECLARE)
#undef MATCHER_DECLARE

}  // namespace matcher::refine
