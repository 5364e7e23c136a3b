#include "matcher/report/report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "matcher/core/units.hpp"
#include "matcher/report/tables.hpp"
#include "matcher/report/tables/caption.hpp"
#include "matcher/report/tables/cells.hpp"

namespace matcher::report {
namespace {

std::string describe(const Speed& s) {
  return fmt::format(
      "while running: {} images/s embedded; {:.2f} ms a search (median), {:.2f} ms (95th percentile); "
      "measure it with --speed",
      rate(s.images_per_second), s.search_ms_p50, s.search_ms_p95);
}

std::string shown_speed(const SpeedTrial& t) {
  const auto& s = t.images_per_second;
  return fmt::format("{} images/s [{}, {}]", rate(s.median), rate(s.low), rate(s.high));
}

std::string describe(const SpeedTrial& t) {
  return fmt::format(
      "{} in batches; one image {:.1f} ms (median), {:.1f} ms (95th percentile); a search {:.2f} ms, "
      "{:.2f} ms; peak memory {}",
      shown_speed(t), t.image_ms_p50.median, t.image_ms_p95.median, t.search_ms_p50.median, t.search_ms_p95.median,
      human_bytes(t.peak_memory));
}

void note_speed(Table& table, const Speed& speed) {
  if (speed.trial) {
    table.notes.push_back(describe(*speed.trial));
    table.notes.push_back(describe_conditions(*speed.trial));
  } else if (speed.search_ms_p50 > 0) {
    table.notes.push_back(describe(speed));
  }
}

/// In points for rates; a value that rounds to zero has no sign.
std::string amount(const std::string& metric, double loss) {
  const auto text = in_percent(metric) ? fmt::format("{:.1f}", 100 * loss) : fmt::format("{:.4f}", loss);
  return text.find_first_not_of("-0.") == std::string::npos && text[0] == '-' ? text.substr(1) : text;
}

/// Leaves out metrics whose whole loss is the model's.
void note_losses(Table& table, const Report& r) {
  for (const auto& [name, loss] : r.losses) {
    if (loss.ties == 0 && loss.quantisation == 0 && loss.approximation == 0) continue;
    table.notes.push_back(fmt::format(
        "{} loses {}{}: the model {}, equal scores {}, quantisation {}, approximation {}", eval::metric(name).title,
        amount(name, loss.model + loss.ties + loss.quantisation + loss.approximation),
        in_percent(name) ? " points" : "", amount(name, loss.model), amount(name, loss.ties),
        amount(name, loss.quantisation), amount(name, loss.approximation)));
  }
}

std::string without_them(const NearDuplicates& found) {
  if (found.others == 0) return "no query is without";
  std::vector<std::string> values;
  for (const auto& [name, e] : found.without) values.push_back(eval::metric(name).title + " " + shown(name, e.value));
  return fmt::format("the {} without: {}", found.others, fmt::join(values, ", "));
}

void note_near_duplicates(Table& table, const NearDuplicates& found) {
  if (found.copies + found.near == 0) return;
  table.notes.push_back(
      fmt::format("near-duplicates in the gallery: {} queries with the same bytes, {} with a cosine of {} or more; {}",
                  found.copies, found.near, found.limit,
                  found.limit_separates() ? without_them(found) : "too many for the limit to mean near-duplicates"));
}

}  // namespace

Table table_of(const Report& r, Format format) {
  Table table{describe(r), {"metric", "value", "95 % interval"}, {}, {}};
  table.caption.insert(table.caption.begin(), describe_with_device(r.model));
  if (format == Format::csv) table.columns = {"metric", "value", "low", "high"};
  for (const auto& [name, e] : r.metrics) {
    if (format == Format::csv) {
      table.rows.push_back({name, exact(e.value), exact(e.low), exact(e.high)});
    } else {
      table.rows.push_back({eval::metric(name).title, shown(name, e.value), shown_interval(name, e)});
    }
  }
  if (format != Format::csv) note_losses(table, r);
  if (format != Format::csv && r.near_duplicates) note_near_duplicates(table, *r.near_duplicates);
  if (format != Format::csv) {
    for (const auto& learnt : r.learnt_on) table.notes.push_back(sentence(learnt));
  }
  note_speed(table, r.speed);
  if (format != Format::csv) add_answer(table, sentence(r), format);
  return table;
}

}  // namespace matcher::report
