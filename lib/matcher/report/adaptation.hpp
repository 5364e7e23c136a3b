// A base model beside its adapted model, as `matcher adapt` publishes them: plain data (docs/commands/adapt.md).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "matcher/eval/gate.hpp"
#include "matcher/eval/paired.hpp"
#include "matcher/report/report.hpp"

namespace matcher::report {

/// The photos and products that neither map nor settings have seen.
enum class Protocol {
  new_photos,    ///< photos of known products: series of the gallery that the map was learnt without
  new_products,  ///< products that the map was learnt without
  queries        ///< the dataset's own queries
};
const char* name_of(Protocol protocol);
/// "new photos of known products".
const char* title_of(Protocol protocol);

/// Both models on the same queries.
struct AdaptationRow {
  Protocol protocol = Protocol::queries;
  std::size_t queries = 0, products = 0;  ///< with a right answer
  std::size_t folds = 1;                  ///< maps that were learnt
  bool own_queries = true;                ///< the queries are the dataset's own, not photos of the gallery
  Metrics base{}, adapted{};
  std::vector<std::pair<std::string, eval::Gain>> gains{};  ///< gains of the adapted model over the base
};

/// The settings of the map, and why.
struct AdaptationSettings {
  std::string method;
  std::optional<double> shrinkage{}, power{};
  std::size_t dimension = 0;
  std::size_t tried = 1;   ///< settings that were compared in folds
  std::size_t photos = 0;  ///< photos that decided
  bool chosen = false;     ///< the folds showed that the setting is better than the default
  std::string reason;      ///< a sentence
};

/// The accuracy of the first dimensions alone, by the dataset's own queries.
struct CurvePoint {
  std::size_t dimension = 0;
  Metrics metrics{};
};

/// The test of --require-gain.
struct RequiredGain {
  std::string metric;
  double least = 0, value = 0;  ///< the required and the measured gain
  eval::Verdict verdict = eval::Verdict::undecided;
};

/// matcher.adaptation/1.
struct Adaptation {
  ModelIdentity base, model;
  std::filesystem::path file;  ///< the map
  std::string dataset, data;   ///< name and fingerprint of the gallery
  std::size_t photos = 0, products = 0;
  std::size_t sample = 0, series = 0;  ///< photos that folds use, and their series
  AdaptationSettings settings;
  std::vector<AdaptationRow> rows;
  std::vector<CurvePoint> curve{};       ///< by the adapted model; only on request
  std::vector<CurvePoint> base_curve{};  ///< by the base, cut to its first dimensions
  std::vector<RequiredGain> required{};

  eval::Verdict verdict() const;  ///< the worst of `required`; pass for none
};

/// The gain of the first metric under each protocol, in one sentence; "nothing is gained" if none is shown.
std::string sentence(const Adaptation& adaptation);

/// A sentence per required gain.
std::vector<std::string> sentences(const std::vector<RequiredGain>& required);

}  // namespace matcher::report
