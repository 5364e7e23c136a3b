#include "matcher/pipeline/query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

#include "matcher/core/error.hpp"
#include "matcher/core/imported.hpp"
#include "matcher/database/address.hpp"
#include "matcher/files/read_unchanged.hpp"
#include "matcher/pipeline/embedding/decoder.hpp"
#include "matcher/pipeline/embedding/resolve.hpp"
#include "matcher/pipeline/querying/answerer.hpp"
#include "matcher/pipeline/querying/query_job.hpp"
#include "matcher/pipeline/querying/query_source.hpp"
#include "matcher/pipeline/search/learnt_on.hpp"
#include "matcher/pipeline/search/loaded_index.hpp"
#include "matcher/pipeline/search/where.hpp"
#include "matcher/store/threshold_file.hpp"

namespace matcher::pipeline {
namespace {

void check_takes_texts(const QueryOptions& options, const model::Embedder& embedder, const std::string& model) {
  if (options.texts.empty() || embedder.takes_texts()) return;
  throw Error(
      ErrorCode::usage,
      fmt::format("--text needs an index of a model that takes texts, but \"{}\" was built by {}, which takes images "
                  "only; index with a CLIP or SigLIP model that was exported with its vocabulary (tokenizer.json, "
                  "spiece.model, or vocab.json with merges.txt) in the folder of its checkpoint",
                  options.index.string(), model));
}

std::string threshold_place(const fs::path& index) {
  return database::is_address(index.string()) ? index.string() : store::threshold_file(index).string();
}

struct Opened {
  LoadedIndex index;
  std::optional<store::ScoreThreshold> threshold;
  std::optional<std::vector<std::uint32_t>> kept;  ///< rows that may answer; none: all
};

/// Limits the search to the items that --where names.
void limit_search(const Context& context, const QueryOptions& options, Opened& opened) {
  if (options.where.empty()) return;
  auto filter = choose_rows(opened.index.items, parse_conditions(options.where), options.index.string());
  opened.index.index->search_only(filter);
  opened.kept = std::move(filter.rows);
  if (options.execution.device.kind == Device::Kind::cuda)
    context.observer.log(LogLevel::info, "the search runs on the CPU: --where leaves items out");
}

/// Opens the index with its threshold, both of the same index.
Opened open(const Context& context, const QueryOptions& options) {
  Opened opened;
  read_unchanged(options.index, [&] {
    opened.index = open_index(context, options.index, options.execution);
    if (!options.threshold) opened.threshold = find_stored_threshold(opened.index);
  });
  limit_search(context, options, opened);
  return opened;
}

/// An index of imported vectors does not name a model that this machine has.
const std::string& model_for(const LoadedIndex& index, const QueryOptions& options) {
  const auto& built_by = index.manifest.model;
  if (!options.model.empty()) return options.model;
  if (!is_imported(built_by)) return built_by.name;
  throw Error(
      ErrorCode::usage,
      fmt::format("the vectors of index \"{}\" were imported as {}, so matcher does not know the model that "
                  "made them. Name it: --model M, or evaluate vectors: matcher eval --index {} --embeddings SET",
                  index.folder.string(), describe(built_by), index.folder.string()));
}

/// Imported vectors prove no more than their dimension.
void check_may_belong(const Context& context, const LoadedIndex& index, const ModelIdentity& asked) {
  const auto& built_by = index.manifest.model;
  if (!is_imported(built_by)) return check_belongs(index, asked);
  if (built_by.dimension != asked.dimension) {
    throw Error(
        ErrorCode::mismatch,
        fmt::format("index \"{}\" holds imported vectors of {} dimensions ({}), but {} gives {}. Name the model "
                    "that made them: --model M",
                    index.folder.string(), built_by.dimension, built_by.name, asked.name, asked.dimension));
  }
  context.observer.log(LogLevel::warning,
                       fmt::format("the vectors of index \"{}\" were imported as {}: nothing proves that {} made them. "
                                   "The dimensions agree ({})",
                                   index.folder.string(), built_by.name, asked.name, asked.dimension));
}

/// All that is known before the first query.
report::Answers describe_search(const QueryOptions& options, const Opened& opened,
                                const std::optional<store::ScoreThreshold>& threshold) {
  const auto& index = opened.index;
  return {.model = index.manifest.model,
          .index_type = index.manifest.type,
          .items = index.manifest.count,
          .threshold = threshold ? std::optional(threshold->value) : std::nullopt,
          .threshold_score = threshold ? threshold->score : ScoreKind::cosine,
          .threshold_from = options.threshold ? "--threshold" : threshold_place(options.index),
          .available = count_answers(index, opened.kept ? &*opened.kept : nullptr, options.by_item),
          .queries = {}};
}

std::string describe_empty_list(const QueryOptions& options) {
  if (options.files_from.empty()) return "the COCO file has no box";
  return options.files_from == "-"
             ? "the list on standard input names no image. Write one path per line, or with --null one before each NUL"
             : fmt::format(
                   "the list \"{}\" names no image. Write one path per line, or with --null one before each NUL",
                   options.files_from.string());
}

}  // namespace

void query(const Context& context, const QueryOptions& options, AnswerSink& sink) {
  const auto opened = open(context, options);
  const auto& index = opened.index;
  const auto choice = choose_model(context, model_for(index, options), options.execution);
  QuerySource source(context, options);
  const auto embedder = load_embedder(context, choice, options.execution);
  check_may_belong(context, index, refined_identity(identity_of(choice.name, *embedder), choice));
  check_takes_texts(options, *embedder, choice.name);
  if (!options.texts.empty()) warn_of_texts(context.observer, choice);

  const auto threshold = options.threshold ? options.threshold : opened.threshold;
  const auto about = describe_search(options, opened, threshold);
  sink.begin(about);
  const Answerer answerer(index, threshold, std::min(options.top_k, about.available), options.by_item);
  QueryJob job(context.observer, options.execution, *embedder, {choice.steps, index.maps}, answerer, sink);
  job.run(source, choice.name + ", queries");
  if (job.done() == 0) throw Error(ErrorCode::input, describe_empty_list(options));
  if (job.lost_alpha() > 0) context.observer.log(LogLevel::warning, describe_lost_alpha(job.lost_alpha(), choice.name));
  if (job.clipped() > 0) context.observer.log(LogLevel::warning, describe_clipped(job.clipped()));
}

report::Answers query(const Context& context, const QueryOptions& options) {
  struct All : AnswerSink {
    void begin(const report::Answers& about) override { answers = about; }
    void take(std::vector<report::QueryAnswers> some) override {
      std::ranges::move(some, std::back_inserter(answers.queries));
    }
    report::Answers answers;
  } all;
  query(context, options, all);
  return std::move(all.answers);
}

}  // namespace matcher::pipeline
