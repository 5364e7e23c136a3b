#include "matcher/pipeline/vectors/stored_vectors.hpp"

#include <algorithm>
#include <utility>

#include "matcher/model/ensemble.hpp"

namespace matcher::pipeline {

StoredVectors::StoredVectors(store::Manifest set_manifest, std::vector<store::ItemRow> rows, std::vector<Place> places,
                             std::vector<Member> members)
    : items(std::move(rows)),
      manifest(std::move(set_manifest)),
      places_(std::move(places)),
      members_(std::move(members)) {
  for (const auto& set : members_.at(0).sets) failures += set.failures().size();
}

std::vector<store::FailureRow> StoredVectors::failure_rows() const {
  std::vector<store::FailureRow> rows;
  for (const auto& set : members_.at(0).sets) rows.insert(rows.end(), set.failures().begin(), set.failures().end());
  return rows;
}

void StoredVectors::copy(std::size_t first, Matrix& out) const {
  if (replaced_.cols > 0) {
    std::copy_n(replaced_.row(first).data(), out.data.size(), out.data.begin());
    return;
  }
  std::vector<Matrix> parts;
  std::vector<MatrixView> views;
  std::vector<double> weights;
  for (const auto& [weight, sets] : members_) {
    Matrix part(out.rows, sets[0].vectors().cols);
    for (std::size_t i = 0; i < out.rows; ++i) {
      const auto place = places_[first + i];
      std::ranges::copy(sets[place.set].vectors().row(place.row), part.row(i).begin());
    }
    parts.push_back(std::move(part));
    weights.push_back(weight);
  }
  for (const auto& part : parts) views.push_back(part.view());
  auto all = members_.size() == 1 ? std::move(parts[0]) : model::concatenate(views, weights);
  for (std::size_t i = 0; i < out.rows; ++i) normalise(all.row(i));
  out = std::move(all);
}

}  // namespace matcher::pipeline
