// The sections of HTML reports, from top to bottom. A section that has nothing to show is empty.
#pragma once

#include <cstddef>
#include <string>

#include "matcher/report/html.hpp"

namespace matcher::report {

// Runs: eval and compare.
std::string answer_of(const Page& page);      ///< the verdict in large type, and the data below it
std::string models_of(const Page& page);      ///< a row per model, best first: metric, gain, cost
std::string speed_of(const Page& page);       ///< speed against the first metric
std::string curves_of(const Page& page);      ///< curves of views, and of products not in the catalogue
std::string losses_of(const Page& page);      ///< losses that are not the model's
std::string duplicates_of(const Page& page);  ///< near-duplicates
std::string products_of(const Page& page);    ///< a row per product
std::string confusions_of(const Page& page);  ///< labels taken for others
std::string failures_of(const Page& page);    ///< photos that were answered wrongly, or otherwise than before

// Ensembles: fuse.
std::string answer_of(const Fusion& fusion, const Page& page);
std::string members_of(const Fusion& fusion);   ///< a row per model: metrics, gain of the ensemble
std::string products_of(const Fusion& fusion);  ///< a row per product
std::string overlaps_of(const Fusion& fusion);  ///< errors that two models share

// Numbers of photos: views.
std::string answer_of(const Views& views);
std::string curve_of(const Views& views);
std::string counts_of(const Views& views);  ///< a row per number of photos

// Runs over time: trend.
std::string answer_of(const Trend& trend);
std::string curve_of(const Trend& trend);
std::string nights_of(const Trend& trend);  ///< a row per run

// Thresholds: threshold.
std::string answer_of(const Detection& detection);
std::string choices_of(const Detection& detection);  ///< a row per share of false alarms
std::string curve_of(const Detection& detection);

// Maps: adapt.
std::string answer_of(const Adaptation& adaptation);
std::string protocols_of(const Adaptation& adaptation);  ///< both models under each protocol
std::string curve_of(const Adaptation& adaptation);      ///< accuracy by number of dimensions

// Recipes: tune.
std::string answer_of(const TunedRecipes& tuned);
std::string commands_of(const TunedRecipes& tuned);
std::string front_of(const TunedRecipes& tuned);    ///< accuracy against dimension, and against speed
std::string recipes_of(const TunedRecipes& tuned);  ///< a row per recipe

// Answers: query.
inline constexpr std::size_t most_queries = 120;  ///< cards on a page
std::string answer_of(const Answers& answers);
std::string answers_of(const Answers& answers, const Thumbnails& thumbnails);  ///< a card per query

// Faults of a catalogue: audit.
std::string answer_of(const Audit& audit);
std::string suspects_of(const Audit& audit, const Thumbnails& thumbnails);  ///< a card per likely wrong label
std::string copies_of(const Audit& audit, const Thumbnails& thumbnails);    ///< a card per pair of equal photos
std::string other_faults_of(const Audit& audit);                            ///< hubs, sizes, products, files

}  // namespace matcher::report
