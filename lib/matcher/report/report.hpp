// One run and its metrics, as `matcher eval` publishes them: plain data (docs/reference/formats.md).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "matcher/core/identity.hpp"
#include "matcher/eval/breakdown.hpp"
#include "matcher/eval/resample.hpp"
#include "matcher/report/speed.hpp"

namespace matcher::report {

/// The kind of the queries of a run: `any` for a mixture, and if it is unknown.
enum class QueryKind { image, text, any };
const char* name_of(QueryKind kind);  ///< "image", "text" or "any"
/// Throws Error(usage) with the allowed names.
QueryKind parse_query_kind(const std::string& name);
/// "photos", "texts" or "queries", for people.
const char* plural_of(QueryKind kind);

struct Data {
  std::string name, fingerprint, protocol;
  QueryKind queries_are = QueryKind::image;
  std::size_t gallery = 0, queries = 0, labels = 0;      ///< items, items, labels of the gallery
  std::size_t gallery_failures = 0, query_failures = 0;  ///< images that could not be read
  std::size_t unknown_queries = 0;                       ///< queries whose label no gallery item has; in no metric
  std::vector<std::string> unknown_labels;
  std::size_t self_matches = 0;  ///< gallery items left out of an answer because they are the query itself

  std::size_t known_queries() const { return queries - unknown_queries; }
};

struct Speed {
  double images_per_second = 0;                 ///< while embedding
  double search_ms_p50 = 0, search_ms_p95 = 0;  ///< per query
  std::optional<SpeedTrial> trial = {};         ///< measured by itself; the values above are by-products
};

using Metrics = std::vector<std::pair<std::string, eval::Estimate>>;

/// Why a metric is below 1: the four parts add up to the difference (docs/reference/metrics.md).
struct Loss {
  double model = 0;          ///< under exact search, with equal scores in the best order
  double ties = 0;           ///< from the order of equal scores
  double quantisation = 0;   ///< from codes in place of vectors
  double approximation = 0;  ///< from vectors that the index skips
};
using Losses = std::vector<std::pair<std::string, Loss>>;

/// A query and a gallery item that may be the same photo.
struct Twins {
  std::string query, item;
  double cosine = 0;
  bool copy = false;  ///< both have the same bytes
};

/// Queries with a near-duplicate in the gallery: the first answer has a cosine of `limit` or more, or an item that was
/// left out of the answers has the same bytes (and another id).
struct NearDuplicates {
  double limit = 0;
  std::size_t copies = 0;    ///< queries whose near-duplicate has the same bytes
  std::size_t near = 0;      ///< further queries at or above the limit
  std::size_t others = 0;    ///< queries without a near-duplicate
  Metrics without;           ///< metrics of the others; empty if there are none
  std::vector<Twins> pairs;  ///< one per query, in the order of the dataset, at most `most_pairs`
  static constexpr std::size_t most_pairs = 1000;

  /// False if a fifth or more of the queries reach the limit: the model gives such cosines to other photos, too.
  bool limit_separates() const;
};

/// The numbers of rows that exceed the limits of a report.
struct LeftOut {
  std::size_t labels = 0, categories = 0, confused = 0;
};

/// The gallery that the map of an adapted model was learnt on.
struct LearntOn {
  std::string model, dataset, data;        ///< the adapted model; name and fingerprint of the gallery
  std::uint64_t photos = 0, products = 0;  ///< numbers in that gallery
  std::size_t queries = 0, known = 0;      ///< queries of the run, and those of them that are among its photos
};
/// One sentence.
std::string sentence(const LearntOn& learnt);

/// matcher.report/1: one run.
struct Report {
  ModelIdentity model;
  Data dataset;
  std::string index = "exact";  ///< the factory string of the index that answered
  std::size_t depth = 0;        ///< answers kept per query; mrr and map use only these
  Metrics metrics;
  Speed speed;
  Losses losses = {};  ///< by metric; empty: not measured
  std::optional<NearDuplicates> near_duplicates = {};
  eval::Resample resample = eval::Resample::query;  ///< unit of the intervals
  eval::Breakdown breakdown = {};                   ///< cut by set_breakdown()
  LeftOut left_out = {};
  std::map<std::string, std::string> label_names = {};  ///< label -> name for people, for the labels in `breakdown`
  std::vector<LearntOn> learnt_on = {};                 ///< one per adapted model
};

/// Stores the first 1000 labels, 1000 categories and 100 confusions, and the names of their labels.
void set_breakdown(Report& report, eval::Breakdown breakdown, const std::map<std::string, std::string>& label_names);

/// The name of a label for people; the label itself if it has none.
const std::string& name_of(const Report& report, const std::string& label);

/// Null if there is no metric of this name.
const eval::Estimate* find_metric(const Metrics& metrics, const std::string& name);

}  // namespace matcher::report
