#include "matcher/index/exact/kept_rows.hpp"

#include <algorithm>
#include <utility>

#include "matcher/index/exact/best_rows.hpp"

namespace matcher::index {

KeptRows::KeptRows(std::vector<std::uint32_t> rows, std::size_t d, const Reader& vector_of)
    : rows_(std::move(rows)), vectors_(rows_.size(), d) {
  for (std::size_t i = 0; i < rows_.size(); ++i) std::ranges::copy(vector_of(rows_[i]), vectors_.row(i).begin());
}

std::vector<Candidate> KeptRows::find(MatrixView queries, std::size_t count) const {
  auto found = find_best_rows(queries, vectors_.view(), count);
  for (auto& candidate : found) {
    if (candidate.row >= 0) candidate.row = rows_[std::size_t(candidate.row)];
  }
  return found;
}

}  // namespace matcher::index
