// images -> embedder -> index search -> answers
#pragma once

#include "matcher/pipeline/index.hpp"

namespace matcher::pipeline {

struct QueryOptions {
  std::filesystem::path index;
  std::string model;  ///< empty: the model the index was built by
  std::vector<std::string> images, texts;
  std::size_t top_k = 5;
  std::optional<double>
      threshold;         ///< a query without an answer of this score has no match; none: what the index stores
  bool by_item = false;  ///< every photo; otherwise each product once, by its best photo
  ExecutionOptions execution;
};

struct Answer {
  store::ItemRow item;
  float score = 0;  ///< cosine
};

struct QueryAnswers {
  std::string query;  ///< the picture's path, or the text
  bool is_text = false;
  std::optional<float> rejected;  ///< the best score, when it is below the threshold and there are no answers
  std::string error;              ///< why there are no answers; empty when there are
  std::vector<Answer> answers;    ///< best first
};

struct QueryResult {
  store::IndexManifest index;
  std::optional<double> threshold;
  std::size_t available =
      0;  ///< products (or items) that could be answered; fewer than top_k when the gallery is small
  std::vector<QueryAnswers> queries;
};

QueryResult query(const Context& context, const QueryOptions& options);

}  // namespace matcher::pipeline
