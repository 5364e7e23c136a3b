#include "matcher/report/adaptation.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "matcher/eval/metrics.hpp"
#include "matcher/report/verdict.hpp"

namespace matcher::report {
namespace {

struct ProtocolName {
  Protocol protocol;
  const char *name, *title;
};
constexpr ProtocolName names[] = {{Protocol::new_photos, "new_photos", "new photos of known products"},
                                  {Protocol::new_products, "new_products", "products never seen"},
                                  {Protocol::queries, "queries", "the dataset's own queries"}};

const ProtocolName& find(Protocol protocol) { return *std::ranges::find(names, protocol, &ProtocolName::protocol); }

std::vector<std::string> rows_with(const Adaptation& adaptation, int sign) {
  std::vector<std::string> found;
  for (const auto& row : adaptation.rows) {
    const auto& gain = row.gains.at(0).second;
    const int shown = !is_shown(gain) ? 0 : gain.value > 0 ? 1 : -1;
    if (shown == sign) found.push_back(title_of(row.protocol));
  }
  return found;
}

std::string list(const std::vector<std::string>& parts) { return fmt::format("{}", fmt::join(parts, ", ")); }

}  // namespace

const char* name_of(Protocol protocol) { return find(protocol).name; }
const char* title_of(Protocol protocol) { return find(protocol).title; }

eval::Verdict Adaptation::verdict() const {
  std::vector<eval::Verdict> verdicts;
  for (const auto& gain : required) verdicts.push_back(gain.verdict);
  return eval::worst(verdicts);
}

std::string sentence(const Adaptation& a) {
  if (a.rows.empty()) {
    return fmt::format("{} is not measured: the gallery has no labels with two series of photos, and no queries",
                       a.model.name);
  }
  const auto title = eval::metric(a.rows[0].gains.at(0).first).title;
  const auto better = rows_with(a, 1), worse = rows_with(a, -1), same = rows_with(a, 0);
  std::string text = better.empty() ? fmt::format("nothing is gained: {} has no shown gain of {} over {}", a.model.name,
                                                  title, a.base.name)
                                    : fmt::format("{} is shown to have a higher {} than {} on: {}", a.model.name, title,
                                                  a.base.name, list(better));
  if (!worse.empty()) text += "; a lower one on: " + list(worse);
  if (!better.empty() && !same.empty()) text += "; no difference is shown on: " + list(same);
  return text;
}

std::vector<std::string> sentences(const std::vector<RequiredGain>& required) {
  std::vector<std::string> all;
  for (const auto& gain : required) {
    const auto* shown = gain.verdict == eval::Verdict::pass   ? "is shown"
                        : gain.verdict == eval::Verdict::fail ? "is shown to be missed"
                                                              : "is not shown: there are too few queries to tell";
    all.push_back(fmt::format("a gain of {} in {} {} (measured: {:+.4f}): {}", gain.least,
                              eval::metric(gain.metric).title, shown, gain.value, eval::name_of(gain.verdict)));
  }
  return all;
}

}  // namespace matcher::report
