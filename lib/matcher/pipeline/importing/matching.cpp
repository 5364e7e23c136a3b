#include "matcher/pipeline/importing/matching.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/core/error.hpp"

namespace matcher::pipeline {
namespace {

[[noreturn]] void fail(const store::ForeignBlock& block, std::size_t row, const std::string& reason) {
  throw Error(ErrorCode::input, fmt::format("{}: {}", store::place_of(block, row), reason));
}

}  // namespace

const dataset::VectorItem& Matching::find(const store::ForeignBlock& block, std::size_t row) {
  const bool has_id = !block.ids.empty();
  if (taken_ == 0 && has_id) start_by_id();
  if (has_id != by_id()) fail(block, row, has_id ? "it has an id, but vectors before it have none" : "it has no id");
  const auto item = by_id() ? place_of_id(block, row) : taken_;
  ++taken_;
  return items_[item];
}

void Matching::check_complete() const {
  if (taken_ == items_.size()) return;
  if (!by_id()) fail_counts(taken_);
  const auto missing = std::size_t(std::ranges::find(seen_, Seen()) - seen_.begin());
  throw Error(ErrorCode::input,
              fmt::format("{}: no vector has the id \"{}\" ({} of {} items have none). Remove the rows, or add their "
                          "vectors",
                          where(missing), items_[missing].item.id, items_.size() - taken_, items_.size()));
}

void Matching::fail_counts(std::size_t vectors) const {
  throw Error(
      ErrorCode::input,
      fmt::format("\"{}\" has {} item{}, but the number of vectors is {}. Without ids they are matched by order, so "
                  "give one row per vector",
                  csv_.string(), items_.size(), items_.size() == 1 ? "" : "s", vectors));
}

void Matching::start_by_id() {
  places_.emplace();
  seen_.resize(items_.size());
  for (std::size_t i = 0; i < items_.size(); ++i) {
    if (const auto [first, fresh] = places_->emplace(items_[i].item.id, i); !fresh) {
      throw Error(ErrorCode::input,
                  fmt::format("{}: {} already uses the id \"{}\", and vectors are matched by id. Use each id once",
                              where(i), where(first->second), items_[i].item.id));
    }
  }
}

std::size_t Matching::place_of_id(const store::ForeignBlock& block, std::size_t row) {
  const auto found = places_->find(block.ids[row]);
  if (found == places_->end())
    fail(block, row,
         fmt::format("the id \"{}\" is not in \"{}\". Add its row, or remove the vector", block.ids[row],
                     csv_.string()));
  auto& seen = seen_[found->second];
  if (seen != Seen()) {
    fail(block, row,
         fmt::format("the id \"{}\" is used already by {}. Use each id once", block.ids[row], place_of(seen, block)));
  }
  if (files_.empty() || files_.back() != block.file) files_.push_back(block.file);
  seen = {files_.size(), block.numbers[row]};
  return found->second;
}

std::string Matching::where(std::size_t item) const { return fmt::format("{}:{}", csv_.string(), items_[item].line); }

std::string Matching::place_of(const Seen& seen, const store::ForeignBlock& like) const {
  return store::place_of({{}, {}, files_[seen.file - 1], like.unit, {seen.number}}, 0);
}

}  // namespace matcher::pipeline
