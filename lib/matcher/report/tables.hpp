// Published results as tables for people, and as text in any format.
// To add a table of a new result: a line here and tables/<name>.cpp.
#pragma once

#include <string>

#include "matcher/report/json.hpp"
#include "matcher/report/table.hpp"

namespace matcher::report {

/// How a comparison is shown.
struct ComparisonView {
  bool changes = false;                ///< list the queries that are newly broken or fixed
  std::string sort{};                  ///< metric that orders the rows; empty: all, the first one first
  std::vector<std::string> columns{};  ///< names of columns to show, beside the model; empty: all
};

/// In CSV, cells are fractions and plain numbers with column names of their own; otherwise percents and units.
Table table_of(const Adaptation& adaptation, Format format);
Table table_of(const Answers& answers, Format format);
Table table_of(const Audit& audit, Format format);
Table table_of(const CacheList& list, Format format);
Table table_of(const Comparison& comparison, Format format, const ComparisonView& view = {});
Table table_of(const Detection& detection, Format format);
Table table_of(const Diagnosis& diagnosis, Format format);
Table table_of(const Fusion& fusion, Format format);
Table table_of(const ModelList& list, Format format);
Table table_of(const Report& report, Format format);
Table table_of(const SettingList& list, Format format);
Table table_of(const Trend& trend, Format format);
Table table_of(const TunedRecipes& tuned, Format format);
Table table_of(const Verification& verification, Format format);
Table table_of(const Views& views, Format format);

/// Top-1 of every model by `group`, "label" or "category": those with the most wrong first answers first.
Table table_by(const Comparison& comparison, const std::string& group, Format format);

/// A report by `group`: "label", "category" or "confused" (labels taken for others). Throws Error(usage) otherwise.
Table table_by(const Report& report, const std::string& group, Format format);

/// A result in the requested format: its JSON, or its table.
template <class Result>
std::string print(const Result& result, Format format, const Screen& screen = {}) {
  return format == Format::json ? to_json(result) : render(table_of(result, format), format, screen);
}

}  // namespace matcher::report
