#include "matcher/report/verdict.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "matcher/report/tables/cells.hpp"

namespace matcher::report {
namespace {

using Contenders = std::vector<Contender>;

bool is_repeated(const ModelVerdict& v, const std::string& model) {
  const auto same = [&](const Contender& one) { return one.model == model; };
  return std::ranges::count_if(v.not_shown_to_differ, same) + std::ranges::count_if(v.worse, same) + same(v.best) > 1;
}

/// The model, with its run if another one has the same model.
std::string name_of(const Contender& one, const ModelVerdict& v) {
  return is_repeated(v, one.model) && !one.run.empty() ? fmt::format("{} ({})", one.model, one.run) : one.model;
}

/// Names up to four, or two of more; the table has the others.
std::string list(const Contenders& all, const std::function<std::string(const Contender&)>& text) {
  constexpr std::size_t most = 4;
  const std::size_t named = all.size() > most ? 2 : all.size();
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < named; ++i) parts.push_back(text(all[i]));
  const auto more = named < all.size() ? fmt::format(" and {} more", all.size() - named) : "";
  return fmt::format("{}{}", fmt::join(parts, ", "), more);
}

std::string leader(const ModelVerdict& v) {
  return fmt::format("{} ({} {})", name_of(v.best, v), eval::metric(v.metric).title,
                     shown(v.metric, v.best.value.value));
}

std::string amount(const std::string& metric, double loss) {
  return in_percent(metric) ? fmt::format("{:.1f} points", 100 * loss) : fmt::format("{:.3f}", loss);
}

bool is_none(double loss) { return std::abs(loss) < 0.0005; }

/// "the index loses 1.0 points"; a loss that rounds to zero is none, and an approximation may win.
std::string loses(const char* who, const std::string& metric, double loss) {
  if (is_none(loss)) return fmt::format("{} loses none", who);
  return fmt::format("{} {} {}", who, loss > 0 ? "loses" : "wins", amount(metric, std::abs(loss)));
}

/// A further part, which does not repeat the verb if there is no loss: "the index none".
std::string part(const char* who, const std::string& metric, double loss) {
  return is_none(loss) ? fmt::format("{} none", who) : loses(who, metric, loss);
}

std::string who_loses(const std::string& metric, const Loss& loss) {
  auto out = loses("the model", metric, loss.model);
  out += ", " + part("the index", metric, loss.quantisation + loss.approximation);
  if (loss.ties != 0) out += ", " + part("the order of equal scores", metric, loss.ties);
  return out;
}

}  // namespace

std::string count_in_words(double share, std::size_t queries) {
  const auto of = std::min<std::size_t>(queries, 100);
  return fmt::format("{} of {}", std::lround(double(of) * share), of);
}

std::string headline(const std::string& model, const std::string& metric, const eval::Estimate& e,
                     QueryKind queries_are, std::size_t queries) {
  if (metric == "top1")
    return fmt::format("{} finds the correct product first for {} {}", model, count_in_words(e.value, queries),
                       plural_of(queries_are));
  return fmt::format("{}: {} {}", model, eval::metric(metric).title, shown(metric, e.value));
}

std::string sentence(const Report& r) {
  const auto& [metric, estimate] = r.metrics.at(0);
  auto out = headline(r.model.name, metric, estimate, r.dataset.queries_are, r.dataset.known_queries());
  const auto loss = std::ranges::find(r.losses, metric, [](const auto& named) { return named.first; });
  return loss == r.losses.end() ? out : out + "; " + who_loses(metric, loss->second);
}

bool is_shown(const eval::Gain& gain) { return gain.p_corrected <= shown_level; }

std::string sentence(const ModelVerdict& v) {
  auto out = fmt::format("{}: {}", v.worse.empty() ? "no model is shown to be better; highest" : "best", leader(v));
  if (!v.not_shown_to_differ.empty())
    out += "; not shown to differ: " + list(v.not_shown_to_differ, [&](const Contender& one) {
             return fmt::format("{} ({})", name_of(one, v), shown(v.metric, one.value.value));
           });
  if (!v.worse.empty())
    out += "; worse: " + list(v.worse, [&](const Contender& one) {
             return fmt::format("{} ({})", name_of(one, v), shown_distance(v.metric, one.behind));
           });
  return out;
}

}  // namespace matcher::report
