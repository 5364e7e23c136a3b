// Finds the products on photos, or by words, in an index: `matcher query`.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "matcher/core/box.hpp"
#include "matcher/pipeline/context.hpp"
#include "matcher/report/answers.hpp"
#include "matcher/store/threshold_file.hpp"

namespace matcher::pipeline {

/// The end of a path in a list: a line feed, which a carriage return may precede, or a NUL byte (`find -print0`).
enum class LineEnd { line_feed, nul };

struct QueryOptions {
  std::filesystem::path index;      ///< a folder, or the address of a collection
  std::string model;                ///< empty: the model that built the index
  std::vector<std::string> images;  ///< a folder stands for its images; "-" is one image on standard input
  std::vector<std::string> texts;
  std::filesystem::path files_from;       ///< a list of images and folders; "-": on standard input. Empty: none
  LineEnd list_end = LineEnd::line_feed;  ///< the end of a path in the list
  std::vector<Box> boxes;                 ///< crops of the one image; empty: the whole images
  std::filesystem::path coco;             ///< a COCO file: every box is a query; empty: none
  double crop_margin = 0;                 ///< added to boxes
  std::size_t top_k = 5;
  std::optional<store::ScoreThreshold> threshold;  ///< an image with a lower score has no match; none: as stored
  bool by_item = false;            ///< true: every gallery image; false: each product once, by its best gallery image
  std::vector<std::string> where;  ///< COLUMN=VALUE: only these items of the index answer; empty: all
  ExecutionOptions execution;
};

/// Receives answers as they are found.
class AnswerSink {
 public:
  virtual ~AnswerSink() = default;
  /// Called once, before the first answer: all but the queries.
  virtual void begin(const report::Answers& about) = 0;
  /// The next queries and their answers, in the order of the queries.
  virtual void take(std::vector<report::QueryAnswers> some) = 0;
};

/// Embeds the queries in batches and searches the index: images first, then boxes, texts and the list. Paths of a list
/// that is still written are answered when no other waits. An unusable image is returned with its reason. Throws
/// Error(usage) for queries that the model does not take, and for an index of imported vectors without a model;
/// Error(mismatch) if another model built the index, or if imported vectors have another dimension; Error(input) for a
/// list without a path; Error(usage) for a column or value of `where` that no item of the index has, and for a type of
/// index that cannot search some of its items.
void query(const Context& context, const QueryOptions& options, AnswerSink& sink);

/// As above; returns all answers at the end.
report::Answers query(const Context& context, const QueryOptions& options);

}  // namespace matcher::pipeline
