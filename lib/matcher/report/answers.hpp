// The answers to queries, as `matcher query` publishes them: plain data.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "matcher/core/score_kind.hpp"
#include "matcher/report/report.hpp"

namespace matcher::report {

/// A gallery item that answers a query.
struct Answer {
  std::string id, label, path;
  float score = 0;  ///< cosine
};

/// One query and its answers.
struct QueryAnswers {
  std::string query;  ///< the image's path, or the text
  bool is_text = false;
  std::optional<Answer> rejected;  ///< the nearest item, if the query is below the threshold; then it has no answers
  std::string error;               ///< why the query could not be read; empty: it was
  std::vector<Answer> answers;     ///< best first
  std::optional<float> margin{};   ///< over the best answer of another product; only if the threshold is for margins
};

/// matcher.answers/1.
struct Answers {
  ModelIdentity model;     ///< name, fingerprint and dimension of the model that built the index
  std::string index_type;  ///< FAISS factory string
  std::size_t items = 0;   ///< items in the index
  std::optional<double> threshold;
  ScoreKind threshold_score = ScoreKind::cosine;
  std::string threshold_from{};  ///< the file of the threshold, or the flag
  std::size_t available = 0;     ///< products (or items) in the index: the largest number of answers to a query
  std::vector<QueryAnswers> queries;
};

/// The label of an answer; its id if it has none.
const std::string& name_of(const Answer& answer);

/// The reason for no match, for a rejected query: "nearest: Kiwi, 0.6033; threshold 0.8822 from shelf/threshold.json".
std::string describe_rejection(const QueryAnswers& query, const Answers& answers);

}  // namespace matcher::report
