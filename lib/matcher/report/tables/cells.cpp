#include "matcher/report/tables/cells.hpp"

#include <fmt/format.h>

namespace matcher::report {
namespace {

constexpr int value_decimals = 3;  // of a fraction: one of a percentage

}  // namespace

std::string percent(double value) { return fmt::format("{:.1f} %", 100 * value); }
std::string exact(double value) { return fmt::format("{}", value); }

std::string rate(double per_second) {
  return per_second >= 100 ? fmt::format("{:.0f}", per_second) : fmt::format("{:.1f}", per_second);
}

std::string shown(const Spread& s) { return fmt::format("{} [{}, {}]", rate(s.median), rate(s.low), rate(s.high)); }

bool in_percent(const std::string& metric) { return eval::metric(metric).unit == eval::Unit::share; }

std::string shown(const std::string& metric, double value) {
  return in_percent(metric) ? percent(value) : fmt::format("{:.{}f}", value, value_decimals);
}

std::string shown(const std::string& metric, const eval::Estimate& e) { return shown(metric, e.value); }

std::string shown_with_interval(const std::string& metric, const eval::Estimate& e) {
  const double scale = in_percent(metric) ? 100 : 1;
  const int digits = value_decimals - (in_percent(metric) ? 2 : 0);
  return fmt::format("{} [{:.{}f}, {:.{}f}]", shown(metric, e.value), scale * e.low, digits, scale * e.high, digits);
}

namespace {

/// A value that rounds to zero gets a plus sign.
std::string with_sign(double value, int digits) {
  auto text = fmt::format("{:+.{}f}", value, digits);
  if (text.find_first_not_of("-0.") == std::string::npos) text[0] = '+';
  return text;
}

/// Differences between values that look alike need another decimal.
int gain_decimals(const eval::Gain& g) { return g.high - g.low < 0.002 ? value_decimals + 1 : value_decimals; }

}  // namespace

std::string shown_gain(const std::string& metric, const eval::Gain& g) {
  const double scale = in_percent(metric) ? 100 : 1;
  const int digits = gain_decimals(g) - (in_percent(metric) ? 2 : 0);
  const auto part = [&](double value) { return with_sign(scale * value, digits); };
  return fmt::format("{} [{}, {}] p={:.2g}{}", part(g.value), part(g.low), part(g.high), g.p_corrected,
                     is_shown(g) ? "" : ", no difference shown");
}

std::string shown_lead(const std::string& metric, const eval::Gain& g) {
  const double scale = in_percent(metric) ? 100 : 1;
  const int digits = gain_decimals(g) - (in_percent(metric) ? 2 : 0);
  const auto part = [&](double value) { return with_sign(scale * value, digits); };
  return fmt::format("{}{} [{}, {}], p={:.2g}", part(g.value), in_percent(metric) ? " points" : "", part(g.low),
                     part(g.high), g.p_corrected);
}

std::string shown_distance(const std::string& metric, const eval::Gain& g) {
  auto behind = g;
  behind.value = -g.value, behind.low = -g.high, behind.high = -g.low;
  return shown_lead(metric, behind);
}

std::string shown_interval(const std::string& metric, const eval::Estimate& e) {
  return fmt::format("{} to {}", shown(metric, e.low), shown(metric, e.high));
}

}  // namespace matcher::report
