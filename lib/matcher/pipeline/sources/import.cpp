#include "matcher/pipeline/import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>

#include "matcher/core/error.hpp"
#include "matcher/core/imported.hpp"
#include "matcher/core/names.hpp"
#include "matcher/core/schemas.hpp"
#include "matcher/core/stopped.hpp"
#include "matcher/dataset/vector_items.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/hash.hpp"
#include "matcher/pipeline/importing/matching.hpp"
#include "matcher/store/import.hpp"
#include "matcher/store/writer.hpp"

namespace matcher::pipeline {
namespace {

using dataset::VectorItem;

/// Two models' vectors of the same items are compared by their items, so the row leaves the vector out.
store::ItemRow row_of(const VectorItem& found) {
  const auto& i = found.item;
  return {i.id,   i.path,     i.label, to_string(found.role), i.split,
          i.view, i.category, i.text,  found.content_hash,    i.group};
}

store::ItemColumns columns_of(const std::vector<VectorItem>& items) {
  const bool has_group = std::ranges::any_of(items, [](const VectorItem& read) { return !read.item.group.empty(); });
  return has_group ? store::ItemColumns::with_group : store::ItemColumns::usual;
}

double length_of(std::span<const float> vector) { return std::sqrt(inner_product(vector, vector)); }

/// Reads, checks and writes all vectors of one import.
class Import {
 public:
  Import(const Context& context, const ImportOptions& options)
      : context_(context),
        options_(options),
        items_(dataset::read_vector_items(options.items, options.columns)),
        matching_(items_, options.items),
        vectors_(store::open_foreign_vectors(options.vectors)) {
    hash_.field(salt::imported_model).field(options.name).field(options.note);
    result_.shortest = std::numeric_limits<double>::infinity();
    result_.folder =
        options.output.empty() ? context.workdir / "embeddings" / file_name_of(options.name) : options.output;
    check_replaceable(result_.folder, schema::embeddings);
    if (!options.same_model_as.empty()) same_ = model_of(options);
  }

  ImportResult run() {
    context_.observer.begin(options_.name + ", vectors", items_.size(), 0);
    try {
      read_all();
    } catch (Stopped& stopped) {
      stopped.continues = false;
      discard();
      throw;
    } catch (...) {
      discard();
      throw;
    }
    context_.observer.end();
    writer_->finish(manifest());
    for (const auto& note : vectors_->notes()) context_.observer.log(LogLevel::info, note);
    result_.manifest = store::EmbeddingSet::open(result_.folder).manifest();
    result_.by_id = matching_.by_id();
    return std::move(result_);
  }

 private:
  static ModelIdentity model_of(const ImportOptions& options) {
    auto model = store::EmbeddingSet::open(options.same_model_as).manifest().model;
    if (!is_imported(model)) {
      throw Error(ErrorCode::mismatch, fmt::format("--same-model-as \"{}\" was embedded by {}, not imported. Embed the "
                                                   "other images too: matcher embed --model {}",
                                                   options.same_model_as.string(), describe(model), model.name));
    }
    if (model.name == options.name) return model;
    throw Error(ErrorCode::mismatch,
                fmt::format("--same-model-as \"{}\" has the name \"{}\", but --name is \"{}\". Give both the same name",
                            options.same_model_as.string(), model.name, options.name));
  }

  void read_all() {
    store::ForeignBlock block;
    while (vectors_->next(block)) {
      if (!matching_.by_id() && matching_.is_full() && writer_) matching_.fail_counts(count_all(block));
      add(block);
      context_.observer.advance(block.vectors.rows);
    }
    if (!writer_) throw Error(ErrorCode::input, fmt::format("\"{}\" holds no vectors", options_.vectors.string()));
    matching_.check_complete();
  }

  /// Counts on: the message has both numbers.
  std::size_t count_all(store::ForeignBlock& block) {
    auto count = writer_->count() + block.vectors.rows;
    while (vectors_->next(block)) count += block.vectors.rows;
    return count;
  }

  void add(store::ForeignBlock& block) {
    auto& vectors = block.vectors;
    if (!writer_) start(vectors.cols, block);
    if (vectors.cols != dimension_)
      fail(block, 0,
           fmt::format("the vector has {} dimensions, but those before it have {}", vectors.cols, dimension_));
    if (!matching_.by_id() && writer_->count() + vectors.rows > items_.size() && block.ids.empty())
      matching_.fail_counts(count_all(block));
    hash_.bytes(std::as_bytes(std::span(vectors.data)));
    std::vector<store::ItemRow> rows;
    for (std::size_t i = 0; i < vectors.rows; ++i) rows.push_back(take(block, i));
    writer_->append(vectors.view(), rows, {}, writer_->count() + rows.size());
  }

  void start(std::size_t dimension, const store::ForeignBlock& block) {
    dimension_ = dimension;
    if (same_ && same_->dimension != dimension) {
      throw Error(ErrorCode::mismatch,
                  fmt::format("{}: the vector has {} dimensions, but \"{}\" has {}", store::place_of(block, 0),
                              dimension, options_.same_model_as.string(), same_->dimension));
    }
    // An import is short: a killed one starts again, so no key is used twice.
    const auto now = std::chrono::system_clock::now().time_since_epoch().count();
    writer_.emplace(result_.folder, fmt::format("import {}", now), dimension, columns_of(items_));
  }

  /// Checks a vector and scales it to length 1. Returns its item.
  store::ItemRow take(store::ForeignBlock& block, std::size_t row) {
    const auto vector = block.vectors.row(row);
    if (!is_finite(vector)) fail(block, row, "the vector holds NaN or infinity. Make it again, or remove it");
    const auto length = length_of(vector);
    if (length == 0) fail(block, row, "the vector is zero, so it has no direction. Make it again, or remove it");
    result_.shortest = std::min(result_.shortest, length);
    result_.longest = std::max(result_.longest, length);
    const auto& found = matching_.find(block, row);
    (found.role == Role::gallery ? has_gallery_ : has_queries_) = true;
    auto item = row_of(found);
    normalise(vector);
    return item;
  }

  [[noreturn]] static void fail(const store::ForeignBlock& block, std::size_t row, const std::string& reason) {
    throw Error(ErrorCode::input, fmt::format("{}: {}", store::place_of(block, row), reason));
  }

  store::Manifest manifest() const {
    store::Manifest m;
    m.model = same_ ? *same_ : ModelIdentity{options_.name, hash_.hex(), imported, "elsewhere", dimension_, 0};
    m.data.name = options_.dataset.empty() ? options_.items.stem().string() : options_.dataset;
    m.split = has_gallery_ && has_queries_ ? Split::all : has_gallery_ ? Split::gallery : Split::queries;
    m.source_fingerprint = hash_.hex();
    m.data.protocol = options_.protocol;
    return m;
  }

  /// Removes what a failed import wrote.
  void discard() {
    if (!writer_) return;
    const auto partial = writer_->folder();
    writer_.reset();
    std::error_code ignored;
    fs::remove_all(partial, ignored);
  }

  const Context& context_;
  const ImportOptions& options_;
  std::vector<VectorItem> items_;
  Matching matching_;
  std::unique_ptr<store::ForeignVectors> vectors_;
  std::optional<ModelIdentity> same_;
  std::optional<store::EmbeddingWriter> writer_;
  std::size_t dimension_ = 0;
  bool has_gallery_ = false, has_queries_ = false;
  Hasher hash_;
  ImportResult result_;
};

}  // namespace

ImportResult import_vectors(const Context& context, const ImportOptions& options) {
  if (options.name.empty()) throw Error(ErrorCode::usage, "--name is empty. Name the model that made the vectors");
  return Import(context, options).run();
}

}  // namespace matcher::pipeline
