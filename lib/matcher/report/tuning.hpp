// The recipes that `matcher tune` tried, and what the best of them are worth: plain data (docs/commands/tune.md).
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "matcher/eval/paired.hpp"
#include "matcher/files/made.hpp"
#include "matcher/report/report.hpp"

namespace matcher::report {

/// A model or an ensemble, a map, and the steps of a variant.
struct Recipe {
  std::string models;    ///< "a:0.6+b:0.4"
  std::string method{};  ///< method of the map; empty: none
  std::optional<double> shrinkage{}, power{};
  std::string steps{};           ///< "@dba=5"; empty: none
  std::size_t dimension = 0;     ///< numbers per vector
  double images_per_second = 0;  ///< to embed
};

/// "a:0.6+b:0.4, lda 64, @dba=5".
std::string describe(const Recipe& recipe);

/// A recipe that was tried on the half that the search saw.
struct Trial {
  Recipe recipe;
  double value = 0;  ///< value of the metric
};

/// A recipe that was measured on the other half, too.
struct TunedRow {
  Recipe recipe;
  bool on_front = false;                                    ///< no recipe that was tried is better, smaller and faster
  bool is_baseline = false;                                 ///< the best single model as it is
  Metrics searched{};                                       ///< on the half that decided
  Metrics reported{};                                       ///< on the half that decided nothing
  std::vector<std::pair<std::string, eval::Gain>> gains{};  ///< over the baseline, on the reported half
};

struct TuningHalf {
  std::size_t products = 0, photos = 0, queries = 0;
};

/// matcher.tuning/1.
struct TunedRecipes {
  std::string dataset, data;  ///< name and fingerprint of the gallery
  std::string metric;         ///< the metric that the search made as large as it could
  std::optional<std::size_t> max_dimension{};
  std::optional<double> min_speed{};
  TuningHalf searched, reported;
  std::vector<Trial> trials;          ///< in their order
  bool complete = true;               ///< false: time or number of trials ended the search
  std::vector<TunedRow> rows;         ///< the winner first, then the front by falling value, then the baseline
  std::vector<std::string> commands;  ///< which make the winner
  Made made{};                        ///< when and where the search was made
};

/// The gain of the winner over the baseline, in one sentence.
std::string sentence(const TunedRecipes& tuning);

}  // namespace matcher::report
