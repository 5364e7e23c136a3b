// Runs of many nights beside a reference, as `matcher trend` publishes them: plain data (docs/reference/formats.md).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "matcher/eval/gate.hpp"
#include "matcher/eval/paired.hpp"
#include "matcher/report/report.hpp"

namespace matcher::report {

/// One night.
struct Night {
  std::string run;      ///< folder of the run, as the user named it
  std::string created;  ///< UTC, "2026-03-01T12:00:00Z"; empty: unknown
  std::string host, model, fingerprint;
  eval::Estimate value;      ///< the metric over all queries of the night
  std::size_t queries = 0;   ///< queries with a right answer in the gallery
  std::size_t common = 0;    ///< those that the reference has, too
  eval::Gain gain = {};      ///< over the reference, on the common queries; p_corrected: over all nights
  eval::DropTest drop = {};  ///< against the limit
  eval::Verdict verdict = eval::Verdict::pass;  ///< with a limit, as a gate; otherwise fail if shown to be worse
};

/// matcher.trend/1.
struct Trend {
  std::string metric;
  std::string reference;             ///< folder of the run that the others are compared with
  std::optional<double> max_drop{};  ///< the limit; empty: none
  QueryKind queries_are = QueryKind::image;
  std::vector<Night> nights;            ///< by time; one of them may be the reference
  eval::Estimate reference_value = {};  ///< over all queries of the reference
  std::size_t reference_queries = 0;

  const Night* first_bad() const;  ///< null if no night is shown to be bad
};

/// "top-1 of 30 nights: first bad night 2026-03-07 (nights/07): down 3.1 points [-4.0, -2.2], p=0.001".
std::string sentence(const Trend& trend);

/// The day of a night, or the folder of its run if the time is unknown.
std::string day_of(const Night& night);

}  // namespace matcher::report
