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

struct QueryOptions {
  std::filesystem::path index;  ///< a folder, or the address of a collection
  std::string model;            ///< empty: the model that built the index
  std::vector<std::string> images, texts;
  std::vector<Box> boxes;      ///< crops of the one image; empty: the whole images
  std::filesystem::path coco;  ///< a COCO file: every box is a query; empty: none
  double crop_margin = 0;      ///< added to boxes
  std::size_t top_k = 5;
  std::optional<store::ScoreThreshold> threshold;  ///< an image with a lower score has no match; none: as stored
  bool by_item = false;  ///< true: every gallery image; false: each product once, by its best gallery image
  ExecutionOptions execution;
};

/// Embeds the queries and searches the index: images first, then texts. An unusable image is returned with its reason.
/// Throws Error(usage) for queries that the model does not take, and for an index of imported vectors without a model;
/// Error(mismatch) if another model built the index, or if imported vectors have another dimension.
report::Answers query(const Context& context, const QueryOptions& options);

}  // namespace matcher::pipeline
