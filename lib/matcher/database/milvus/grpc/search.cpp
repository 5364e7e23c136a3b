#include "matcher/database/milvus/grpc/search.hpp"

#include <fmt/format.h>

#include "matcher/core/error.hpp"
#include "matcher/database/milvus/grpc/pairs.hpp"
#include "matcher/database/milvus/grpc/rows.hpp"

namespace matcher::database {

void add_search(wire::SearchRequest& request, MatrixView queries, std::size_t k, const Conditions& conditions,
                const std::string& parameters) {
  request.set_expression(filter_values(conditions));
  request.set_placeholders(placeholders_of(queries));
  request.set_expression_type(1);
  request.set_queries(std::int64_t(queries.rows));
  auto& pairs = *request.mutable_parameters();
  add_pair(pairs, "anns_field", vector_field);
  add_pair(pairs, "topk", fmt::format("{}", k));
  add_pair(pairs, "metric_type", "COSINE");
  add_pair(pairs, "round_decimal", "-1");
  add_pair(pairs, "params", parameters);
}

void append_found(const wire::SearchAnswer& answer, const std::string& server, std::span<std::vector<Found>> all) {
  const auto& result = answer.result();
  const auto& ids = result.ids().texts().data();
  if (result.counts_size() != int(all.size()) || ids.size() != result.scores_size()) {
    if (ids.empty() && result.scores_size() == 0) return;  // an empty collection
    throw Error(ErrorCode::resource, fmt::format("{} answered {} queries with {} lists of {} ids and {} scores", server,
                                                 all.size(), result.counts_size(), ids.size(), result.scores_size()));
  }
  int at = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::int64_t j = 0; j < result.counts(int(i)) && at < ids.size(); ++j, ++at)
      all[i].push_back({ids[at], result.scores(at)});
  }
}

}  // namespace matcher::database
