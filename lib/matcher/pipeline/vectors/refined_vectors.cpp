#include "matcher/pipeline/vectors/refined_vectors.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/core/error.hpp"
#include "matcher/index/vector_index.hpp"

namespace matcher::pipeline {
namespace {

constexpr std::size_t rows_per_block = 1024;

refine::LinearMap learn_map(const refine::GivenStep& given, MatrixView unit) {
  refine::Scatter scatter(unit.cols);
  scatter.add(unit, std::vector<std::uint32_t>(unit.rows));
  return given.step->fit(scatter, given.value);
}

/// The first `count` rows of the hits that are not `self`.
Matrix take_nearest(const std::vector<index::Hit>& hits, std::size_t self, std::size_t count, MatrixView unit) {
  Matrix nearest(0, unit.cols);
  for (const auto& hit : hits) {
    if (hit.row == self || nearest.rows == count) continue;
    const auto row = unit.row(hit.row);
    nearest.data.insert(nearest.data.end(), row.begin(), row.end());
    ++nearest.rows;
  }
  return nearest;
}

Matrix combine_with_nearest(const refine::GivenStep& given, MatrixView unit, std::span<const std::string> ids) {
  const auto index = index::exact_search(unit, ids);
  Matrix combined(unit.rows, unit.cols);
  std::copy_n(unit.data, combined.data.size(), combined.data.begin());
  for (std::size_t first = 0; first < unit.rows; first += rows_per_block) {
    const auto block = unit.slice(first, std::min(rows_per_block, unit.rows - first));
    const auto hits = index->search(block, std::min(given.value + 1, unit.rows));
    for (std::size_t i = 0; i < block.rows; ++i)
      given.step->combine(combined.row(first + i), take_nearest(hits[i], first + i, given.value, unit).view());
  }
  return combined;
}

void change_manifest(store::Manifest& manifest, const ModelChoice& choice) {
  manifest.model = refined_identity(manifest.model, choice);
}

bool changes_gallery(const refine::Steps& steps) {
  return std::ranges::any_of(steps, [](const auto& given) { return given.step->stage == refine::Stage::gallery; });
}

}  // namespace

Matrix map_queries(const refine::Steps& steps, const Maps& maps, Matrix unit) {
  auto map = maps.begin();
  for (const auto& [step, value] : steps) {
    if (step->fit != nullptr) unit = refine::apply(*map++, unit.view());
    if (step->shorten != nullptr) unit = step->shorten(unit.view(), value);
  }
  return unit;
}

Maps refine_gallery(const refine::Steps& steps, Matrix& unit, std::span<const std::string> ids) {
  Maps maps;
  for (const auto& given : steps) {
    const auto& step = *given.step;
    if (step.stage != refine::Stage::gallery) continue;
    if (step.fit != nullptr) unit = refine::apply(maps.emplace_back(learn_map(given, unit.view())), unit.view());
    if (step.shorten != nullptr) unit = step.shorten(unit.view(), given.value);
    if (step.combine != nullptr) unit = combine_with_nearest(given, unit.view(), ids);
  }
  return maps;
}

StoredVectors open_gallery(const Context& context, const ModelChoice& choice, const dataset::Dataset& data, Split split,
                           const ExecutionOptions& execution) {
  auto set = embed_or_open(context, choice, data, split, execution);
  if (changes_gallery(choice.steps) && set.rows() > 0) {
    Matrix unit(set.rows(), set.cols());
    set.copy(0, unit);
    set.maps = refine_gallery(choice.steps, unit, ids_of(set.items));
    set.replace(std::move(unit));
  }
  if (!choice.steps.empty()) change_manifest(set.manifest, choice);
  return set;
}

VectorSet load_gallery(const Context& context, const ModelChoice& choice, const dataset::Dataset& data,
                       const ExecutionOptions& execution) {
  return load_into_memory(open_gallery(context, choice, data, Split::gallery, execution));
}

VectorSet load_queries(const Context& context, const ModelChoice& choice, const Maps& maps,
                       const dataset::Dataset& data, const ExecutionOptions& execution) {
  auto set = embed_or_load(context, choice, data, Split::queries, execution);
  set.unit = map_queries(choice.steps, maps, std::move(set.unit));
  if (!choice.steps.empty()) change_manifest(set.manifest, choice);
  return set;
}

namespace {

[[noreturn]] void fail_step(const ModelChoice& choice, const refine::GivenStep& given, const std::string& next) {
  const auto* when = given.step->stage == refine::Stage::search ? "a search" : "a gallery";
  throw Error(ErrorCode::usage,
              fmt::format("\"{}\": step {} belongs to {}, {}", choice.name, refine::to_string(given), when, next));
}

}  // namespace

void check_no_search_steps(const ModelChoice& choice, const std::string& next) {
  for (const auto& given : choice.steps) {
    if (given.step->stage == refine::Stage::search) fail_step(choice, given, next);
  }
}

void check_no_later_steps(const ModelChoice& choice, const std::string& next) {
  if (!choice.steps.empty()) fail_step(choice, choice.steps[0], next);
}

}  // namespace matcher::pipeline
