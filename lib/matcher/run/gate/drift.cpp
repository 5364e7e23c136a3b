#include "matcher/run/gate/drift.hpp"

#include <fmt/format.h>

#include "matcher/core/names.hpp"
#include "matcher/eval/gate.hpp"
#include "matcher/eval/paired.hpp"
#include "matcher/eval/two_samples.hpp"
#include "matcher/run/gate/check.hpp"

namespace matcher::run {
namespace {

std::vector<double> best_scores(const Run& run) {
  std::vector<double> scores;
  for (const auto& query : run.queries) {
    if (!query.answers.empty()) scores.push_back(query.answers[0].score);
  }
  return scores;
}

/// Another model gives other scores to the same photos.
std::string doubt_of(const Run& run, const Run& baseline) {
  const auto &now = run.report.model, &before = baseline.report.model;
  if (now.fingerprint == before.fingerprint) return {};
  return fmt::format("the models differ ({} and {}), so their scores do, too", short_fingerprint(before.fingerprint),
                     short_fingerprint(now.fingerprint));
}

report::DriftCheck check_of(const Run& run, const Run& baseline, double max_drift) {
  const auto now = best_scores(run), before = best_scores(baseline);
  report::DriftCheck check{run.report.model.name, run.folder.string(), max_drift, now.size(), before.size()};
  check.doubt = doubt_of(run, baseline);
  if (!check.doubt.empty()) return check;
  const auto test = eval::test_same_distribution(now, before);
  check.distance = test.distance;
  check.p = check.p_corrected = test.p;
  return check;
}

eval::Verdict verdict_of(const report::DriftCheck& check) {
  if (!check.doubt.empty()) return eval::Verdict::undecided;
  if (check.distance <= check.max_drift) return eval::Verdict::pass;
  return check.p_corrected <= eval::gate_level ? eval::Verdict::fail : eval::Verdict::undecided;
}

}  // namespace

std::vector<report::DriftCheck> judge_drift(std::span<const Run> runs, std::size_t baseline, double max_drift) {
  std::vector<report::DriftCheck> checks;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (i == baseline) continue;
    checks.push_back(check_of(runs[i], runs[baseline], max_drift));
  }
  correct(
      pointers_to(checks), [](const auto& check) { return check.p; },
      [](report::DriftCheck& check, double p) {
        check.p_corrected = p;
        check.verdict = verdict_of(check);
      });
  return checks;
}

}  // namespace matcher::run
