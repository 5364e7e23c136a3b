// Lists what to search for: images, folders, boxes, texts, and the paths of a list that may still be written.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "matcher/dataset/dataset.hpp"
#include "matcher/pipeline/context.hpp"
#include "matcher/pipeline/query.hpp"
#include "matcher/pipeline/querying/input_copy.hpp"
#include "matcher/pipeline/querying/line_reader.hpp"

namespace matcher::pipeline {

/// An image, a box on one, or a text.
struct Query {
  dataset::Item item;  ///< its id is what the user gave
  std::string error;   ///< why there is nothing to search for; empty: there is
};

/// Images first, then boxes of a COCO file, then texts, then the list. A folder stands for its images, sorted.
class QuerySource {
 public:
  /// Reads the COCO file and standard input for "-". Throws Error(usage) for options that exclude each other,
  /// Error(input) for an unreadable COCO file or list.
  QuerySource(const Context& context, const QueryOptions& options);

  /// The next query; nothing if none came yet, or after the last. Throws Error(input) if reading the list fails.
  std::optional<Query> next();
  /// Waits until next() returns a query, or no more come.
  void wait();
  bool ended() const { return queries_.empty() && (!list_ || list_->ended()); }
  /// The number of all queries; 0 if a list is still read.
  std::size_t total() const { return list_ ? 0 : queries_.size(); }

 private:
  void add_images(const QueryOptions& options);
  void add_image(const std::string& path);
  void add_folder(const std::string& path);
  void add_lines(LineReader::Wait wait);

  const Context& context_;
  std::unique_ptr<InputCopy> input_;  ///< the image "-"
  std::unique_ptr<LineReader> list_;
  std::deque<Query> queries_;
};

}  // namespace matcher::pipeline
