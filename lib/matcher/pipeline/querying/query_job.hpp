// Answers queries as they come: decodes ahead, embeds those that wait as a batch, searches, and passes the answers on.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <vector>

#include "matcher/pipeline/embedding/batch_queue.hpp"
#include "matcher/pipeline/query.hpp"
#include "matcher/pipeline/querying/answerer.hpp"
#include "matcher/pipeline/querying/query_source.hpp"

namespace matcher::pipeline {

/// How vectors of queries are changed before the search. Borrowed.
struct QueryMaps {
  const refine::Steps& steps;
  const Maps& maps;
};

class QueryJob {
 public:
  /// Borrows all but `execution`.
  QueryJob(Observer& observer, const ExecutionOptions& execution, model::Embedder& embedder, QueryMaps maps,
           const Answerer& answerer, AnswerSink& sink);

  /// Answers all queries of the source, in order, and reports them as `stage`. Full batches are answered while more
  /// queries wait, smaller ones when none does. Throws what the network, the search and the sink throw, and Stopped.
  void run(QuerySource& source, const std::string& stage);

  std::size_t done() const { return done_; }              ///< queries that were answered, or lost
  std::size_t lost_alpha() const { return lost_alpha_; }  ///< queries whose alpha the model ignores
  std::size_t clipped() const { return clipped_; }        ///< boxes that reach beyond their images

 private:
  void work(QuerySource& source, const std::string& stage);
  void feed(QuerySource& source, Decoder& decoder);
  void gather(Prepared prepared);
  void answer_sent(BatchQueue::Take take);
  void answer(const std::vector<Prepared>& batch);
  report::QueryAnswers begin_answer(const Prepared& prepared);

  Observer& observer_;
  ExecutionOptions execution_;
  model::Embedder& embedder_;
  QueryMaps maps_;
  const Answerer& answerer_;
  AnswerSink& sink_;
  BatchQueue queue_;
  std::deque<Query> underway_;  ///< from the decoder to the answers; their places in memory stay
  std::size_t done_ = 0, lost_alpha_ = 0, clipped_ = 0;
};

}  // namespace matcher::pipeline
