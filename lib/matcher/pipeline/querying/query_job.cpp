#include "matcher/pipeline/querying/query_job.hpp"

#include <utility>

#include "matcher/core/stopped.hpp"
#include "matcher/pipeline/vectors/refined_vectors.hpp"

namespace matcher::pipeline {

QueryJob::QueryJob(Observer& observer, const ExecutionOptions& execution, model::Embedder& embedder, QueryMaps maps,
                   const Answerer& answerer, AnswerSink& sink)
    : observer_(observer),
      execution_(execution),
      embedder_(embedder),
      maps_(maps),
      answerer_(answerer),
      sink_(sink),
      queue_(embedder, std::size_t(execution.batch_size)) {}

void QueryJob::run(QuerySource& source, const std::string& stage) {
  observer_.begin(stage, source.total(), 0);
  try {
    work(source, stage);
    observer_.end();
  } catch (Stopped& stopped) {
    stopped.continues = false;
    throw;
  }
}

void QueryJob::work(QuerySource& source, const std::string& stage) {
  const auto window = std::size_t(execution_.batch_size) * (3 + queue_.ahead());
  Decoder decoder(embedder_, nullptr, thread_count(execution_.threads), window);
  for (;;) {
    feed(source, decoder);
    if (decoder.waiting() > 0) {
      gather(decoder.next());
      answer_sent(BatchQueue::Take::when_enough_wait);
      continue;
    }
    queue_.flush();
    answer_sent(BatchQueue::Take::all);
    if (source.ended()) return;
    observer_.end();  // a signal ends the program while it waits
    source.wait();
    observer_.begin(stage, source.total(), done_);
  }
}

void QueryJob::feed(QuerySource& source, Decoder& decoder) {
  while (decoder.has_room()) {
    auto query = source.next();
    if (!query) return;
    decoder.add({&underway_.emplace_back(std::move(*query)).item, Role::queries});
  }
}

void QueryJob::gather(Prepared prepared) {
  lost_alpha_ += prepared.lost_alpha ? 1 : 0;
  clipped_ += prepared.clipped ? 1 : 0;
  queue_.add(std::move(prepared));
}

void QueryJob::answer_sent(BatchQueue::Take take) {
  while (const auto batch = queue_.next(take)) answer(*batch);
}

void QueryJob::answer(const std::vector<Prepared>& batch) {
  std::vector<report::QueryAnswers> answers;
  answers.reserve(batch.size());  // their places in memory stay
  std::vector<report::QueryAnswers*> found;
  Matrix vectors(0, embedder_.dimension());
  for (const auto& each : batch) {
    auto& answer = answers.emplace_back(begin_answer(each));
    if (!answer.error.empty()) continue;
    vectors.data.insert(vectors.data.end(), each.vector.begin(), each.vector.end());
    normalise(vectors.row(vectors.rows++));
    found.push_back(&answer);
  }
  if (!found.empty()) {
    vectors = map_queries(maps_.steps, maps_.maps, std::move(vectors));
    answerer_.answer(vectors.view(), found);
  }
  done_ += batch.size();
  sink_.take(std::move(answers));
  observer_.advance(batch.size());
}

/// The oldest query under way, which `prepared` was made of, with its error if there is one.
report::QueryAnswers QueryJob::begin_answer(const Prepared& prepared) {
  auto query = std::move(underway_.front());
  underway_.pop_front();
  report::QueryAnswers answers{query.item.id, query.item.path.empty(), std::nullopt, std::move(query.error), {}};
  if (answers.error.empty()) answers.error = prepared.reason;
  if (answers.error.empty() && !is_finite(prepared.vector)) answers.error = describe_broken_vector(embedder_);
  return answers;
}

}  // namespace matcher::pipeline
