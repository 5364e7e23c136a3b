#include "matcher/report/gate.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "matcher/report/tables/cells.hpp"

namespace matcher::report {
namespace {

/// "3.1" for a rate in percent, "0.0310" for a mean.
std::string amount(const std::string& metric, double value) {
  return in_percent(metric) ? fmt::format("{:.1f}", 100 * value) : fmt::format("{:.4f}", value);
}

const char* unit(const std::string& metric) { return in_percent(metric) ? " points" : ""; }

/// "3.1 down", "1.0 up", or "0.0" for an amount that rounds to zero.
std::string move(const std::string& metric, double drop) {
  auto size = amount(metric, std::abs(drop));
  if (size.find_first_not_of("0.") == std::string::npos) return size;
  return fmt::format("{} {}", size, drop > 0 ? "down" : "up");
}

/// "down 3.1 points"
std::string change(const std::string& metric, double drop) {
  const auto size = amount(metric, std::abs(drop));
  if (size.find_first_not_of("0.") == std::string::npos) return "no change";
  return fmt::format("{} {}{}", drop > 0 ? "down" : "up", size, unit(metric));
}

/// "1.7 up to 9.3 down". Ends in the same direction name it once: "1.7 to 9.3 down".
std::string range(const std::string& metric, const eval::DropBounds& bounds) {
  const auto low = move(metric, bounds.low), high = move(metric, bounds.high);
  const auto side = [](const std::string& text) { return text.substr(std::min(text.find(' '), text.size())); };
  return fmt::format("{} to {}", side(low) == side(high) ? low.substr(0, low.find(' ')) : low, high);
}

const char* loud_name_of(eval::Verdict verdict) {
  if (verdict == eval::Verdict::undecided) return "UNDECIDED";
  return verdict == eval::Verdict::pass ? "PASS" : "FAIL";
}

/// "FAIL top-1 of b (run-b)"
template <class AnyCheck>
std::string start(const AnyCheck& c, const std::string& subject) {
  return fmt::format("{} {} of {} ({})", loud_name_of(c.verdict), subject, c.model, c.run);
}

template <class AnyCheck>
std::string start(const AnyCheck& c) {
  return start(c, eval::metric(c.metric).title);
}

/// "down 3.1 points (95 %: 2.0 to 4.2 down), limit 1.0"
std::string fall(const std::string& metric, const eval::DropTest& test, const eval::DropBounds& bounds, double limit) {
  return fmt::format("{} (95 %: {}), limit {}", change(metric, test.value), range(metric, bounds),
                     amount(metric, limit));
}

std::string advice(eval::Verdict verdict) {
  return verdict == eval::Verdict::undecided ? ". Add test photos or raise the limit" : "";
}

std::string sentence(const Check& c) {
  if (c.unchanged) return start(c) + ": no change of any query";
  return fmt::format("{}: {}{}", start(c), fall(c.metric, c.test, c.bounds, c.max_drop), advice(c.verdict));
}

std::string sentence(const LabelCheck& c) {
  const auto beyond = c.beyond();
  auto out = fmt::format("{} by label: {} of {} labels shown to be down by more than {}{}", start(c), beyond.size(),
                         c.labels, amount(c.metric, c.max_drop), unit(c.metric));
  for (const auto& fall : beyond)
    out += fmt::format("{} {} ({} queries) down {}", &fall == &beyond.front() ? ":" : ",", fall.name, fall.queries,
                       amount(c.metric, fall.test.value));
  return out;
}

/// A slice as a check of its own.
std::string sentence(const SliceCheck& c, const Slice& slice) {
  const auto head = fmt::format("{} {} of {} ({}), {} {}", loud_name_of(slice.verdict), eval::metric(c.metric).title,
                                c.model, c.run, c.column, slice.name);
  if (slice.unchanged) return head + ": no change of any query";
  return fmt::format("{}: {}, {} {}{}", head, fall(c.metric, slice.test, slice.bounds, c.max_drop), slice.queries,
                     slice.queries == 1 ? "query" : "queries",
                     slice.too_few ? fmt::format("; at least {} are needed to pass", c.fewest) : advice(slice.verdict));
}

/// "Juice (40 queries) down 22.5", or "Juice (40)" if it is not known to have fallen.
std::string list(const SliceCheck& c, eval::Verdict verdict) {
  std::vector<std::string> all;
  for (const auto& slice : c.slices) {
    if (slice.verdict != verdict || slice.too_few) continue;
    all.push_back(verdict == eval::Verdict::fail ? fmt::format("{} ({} queries) down {}", slice.name, slice.queries,
                                                               amount(c.metric, slice.test.value))
                                                 : fmt::format("{} ({} queries)", slice.name, slice.queries));
  }
  return fmt::format("{}", fmt::join(all, ", "));
}

std::string sentence(const SliceCheck& c) {
  const auto count = [&](eval::Verdict verdict) {
    return std::ranges::count_if(c.slices, [&](const Slice& s) { return s.verdict == verdict && !s.too_few; });
  };
  const auto failed = list(c, eval::Verdict::fail), open = list(c, eval::Verdict::undecided);
  auto out = fmt::format("{} by {}: {} of {} shown to be down by more than {}{}{}", start(c), c.column,
                         count(eval::Verdict::fail), c.slices.size(), amount(c.metric, c.max_drop), unit(c.metric),
                         failed.empty() ? "" : ": " + failed);
  out += fmt::format("; {} shown to be within", count(eval::Verdict::pass));
  if (!open.empty()) out += fmt::format("; undecided: {}", open);
  const auto few = std::ranges::count_if(c.slices, &Slice::too_few);
  if (few > 0) out += fmt::format("; {} with too few queries to pass (fewer than {})", few, c.fewest);
  if (c.without_value > 0)
    out += fmt::format("; {} {} without a {}", c.without_value, c.without_value == 1 ? "query" : "queries", c.column);
  return out;
}

std::string figures(double value) { return fmt::format("{:.3g}", value); }

std::string in_percent_of(double share) { return fmt::format("{:.0f} %", 100 * share); }

/// "20 % slower", "3 % faster", or "15 % to 25 % slower" for two ends.
std::string slower(double slowdown) {
  return fmt::format("{} {}", in_percent_of(std::abs(slowdown)), slowdown < 0 ? "faster" : "slower");
}

std::string slower(double low, double high) {
  if ((low < 0) != (high < 0)) return slower(low) + " to " + slower(high);
  return fmt::format("{} to {}", in_percent_of(std::abs(low)), slower(high));
}

std::string sentence(const SpeedCheck& c) {
  const auto head = start(c, find_speed_measure(c.measure, "--max-slowdown").title);
  if (!c.doubt.empty()) return fmt::format("{}: cannot be compared: {}", head, c.doubt);
  return fmt::format(
      "{}: {} after {}, {} (repeats: {}), limit {}{}", head, figures(c.now.median), figures(c.before.median),
      slower(c.slowdown), slower(c.low, c.high), in_percent_of(c.max_slowdown),
      c.verdict == eval::Verdict::undecided ? ". The repeats differ too much: measure on a quiet machine" : "");
}

/// "at most" for a time, "at least" for a rate.
const char* side_of(const SpeedLimitCheck& c) {
  return find_speed_measure(c.measure, "").higher_is_better ? "at least" : "at most";
}

std::string sentence(const SpeedLimitCheck& c) {
  const auto head = start(c, find_speed_measure(c.measure, "").title);
  if (!c.doubt.empty()) return fmt::format("{}: cannot be judged: {}", head, c.doubt);
  return fmt::format(
      "{}: {} (repeats: {} to {}), limit {} {}{}", head, figures(c.now.median), figures(c.now.low), figures(c.now.high),
      side_of(c), figures(c.limit),
      c.verdict == eval::Verdict::undecided ? ". The repeats are on both sides: measure on a quiet machine" : "");
}

std::string sentence(const DriftCheck& c) {
  const auto head = start(c, "drift of the best scores");
  if (!c.doubt.empty()) return fmt::format("{}: cannot be compared: {}", head, c.doubt);
  return fmt::format("{}: {:.3f} between {} queries and {} of the baseline (Kolmogorov-Smirnov, p={:.2g}), limit {}{}",
                     head, c.distance, c.queries, c.baseline_queries, c.p_corrected, c.max_drift, advice(c.verdict));
}

std::string name_of(const SliceCheck& c) {
  return fmt::format("{} by {} falls by at most {}", c.metric, c.column, c.max_drop);
}

void add_slices(std::vector<GateLine>& all, const SliceCheck& c, Slices slices) {
  if (slices == Slices::together) {
    all.push_back({c.model, c.run, name_of(c), sentence(c), c.verdict});
    return;
  }
  for (const auto& slice : c.slices)
    all.push_back({c.model, c.run, fmt::format("{}: {}", name_of(c), slice.name), sentence(c, slice), slice.verdict});
}

}  // namespace

const char* name_of(CheckKind kind) {
  switch (kind) {
    case CheckKind::drop:
      return "drop";
    case CheckKind::slowdown:
      return "slowdown";
    case CheckKind::speed:
      return "speed";
    case CheckKind::drift:
      return "drift";
  }
  return "";
}

std::vector<LabelFall> LabelCheck::beyond() const {
  std::vector<LabelFall> all;
  std::ranges::copy_if(fell, std::back_inserter(all),
                       [](const LabelFall& f) { return f.p_beyond_corrected <= eval::gate_level; });
  return all;
}

eval::Verdict Gate::verdict() const {
  std::vector<eval::Verdict> all;
  for (const auto& line : lines(*this)) all.push_back(line.verdict);
  return eval::worst(all);
}

std::vector<GateLine> lines(const Gate& gate, Slices slices) {
  std::vector<GateLine> all;
  const auto add = [&](const auto& check, const std::string& name, CheckKind kind = CheckKind::drop) {
    all.push_back({check.model, check.run, name, sentence(check), check.verdict, kind});
  };
  for (const auto& c : gate.checks) add(c, fmt::format("{} falls by at most {}", c.metric, c.max_drop));
  for (const auto& c : gate.label_checks) add(c, fmt::format("{} by label falls by at most {}", c.metric, c.max_drop));
  for (const auto& c : gate.slice_checks) add_slices(all, c, slices);
  for (const auto& c : gate.speed_checks)
    add(c, fmt::format("{} is slower by at most {}", c.measure, c.max_slowdown), CheckKind::slowdown);
  for (const auto& c : gate.speed_limits)
    add(c, fmt::format("{} is {} {}", c.measure, side_of(c), c.limit), CheckKind::speed);
  for (const auto& c : gate.drift_checks)
    add(c, fmt::format("best scores drift by at most {}", c.max_drift), CheckKind::drift);
  return all;
}

std::vector<std::string> sentences(const Gate& gate) {
  std::vector<std::string> all;
  for (auto& line : lines(gate)) all.push_back(std::move(line.sentence));
  return all;
}

}  // namespace matcher::report
