// images -> embedder -> index search -> answers
#pragma once

#include "matcher/pipeline/index.hpp"
#include "matcher/report/answers.hpp"

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

report::Answers query(const Context& context, const QueryOptions& options);

}  // namespace matcher::pipeline
