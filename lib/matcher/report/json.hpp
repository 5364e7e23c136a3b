// Published results as JSON, which other programs read (docs/reference/formats.md): the only place that writes it.
// To publish a new result: a struct in its own header, a line here, and json/<name>.cpp.
#pragma once

#include <string>

#include "matcher/report/adaptation.hpp"
#include "matcher/report/answers.hpp"
#include "matcher/report/audit.hpp"
#include "matcher/report/cache_list.hpp"
#include "matcher/report/collection_check.hpp"
#include "matcher/report/comparison.hpp"
#include "matcher/report/detection.hpp"
#include "matcher/report/diagnosis.hpp"
#include "matcher/report/fusion.hpp"
#include "matcher/report/model_list.hpp"
#include "matcher/report/report.hpp"
#include "matcher/report/setting_list.hpp"
#include "matcher/report/trend.hpp"
#include "matcher/report/tuning.hpp"
#include "matcher/report/verification.hpp"
#include "matcher/report/views.hpp"

namespace matcher::report {

/// Each returns an indented document that ends with a line feed. Bytes that are not UTF-8 become U+FFFD.
std::string to_json(const Adaptation& adaptation);
std::string to_json(const Answers& answers);
std::string to_json(const Audit& audit);
std::string to_json(const CacheList& list);
std::string to_json(const CollectionCheck& check);
std::string to_json(const Comparison& comparison);
std::string to_json(const Detection& detection);
std::string to_json(const Diagnosis& diagnosis);
std::string to_json(const Fusion& fusion);
std::string to_json(const ModelList& list);
std::string to_json(const Report& report);
std::string to_json(const SettingList& list);
std::string to_json(const Trend& trend);
std::string to_json(const TunedRecipes& tuned);
std::string to_json(const Verification& verification);
std::string to_json(const Views& views);

/// One query of to_json(answers), without a line feed; `about` has all but the queries. A query that is lost has only
/// its error: {"query": "a.jpg", "error": "..."}.
std::string to_json_line(const QueryAnswers& query, const Answers& about);

/// Both read what to_json() wrote. Throw Error(input) with `origin`, the file, if it has another schema or is damaged.
Report parse_report(const std::string& json, const std::string& origin);
Views parse_views(const std::string& json, const std::string& origin);

}  // namespace matcher::report
