#include "matcher/pipeline/vectors/mapped_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "matcher/core/schemas.hpp"
#include "matcher/files/atomic_folder.hpp"
#include "matcher/files/file.hpp"
#include "matcher/model/adapted.hpp"
#include "matcher/pipeline/embedding/embed_set.hpp"
#include "matcher/pipeline/embedding/request.hpp"
#include "matcher/pipeline/vectors/open_vectors.hpp"
#include "matcher/store/writer.hpp"

namespace matcher::pipeline {
namespace {

constexpr std::size_t rows_per_block = 4096;

/// The manifest of the request, with the mapped vectors and what the base's set says about its run.
store::Manifest describe_mapped(store::Manifest m, const store::Manifest& of_base, const refine::LinearMap& map) {
  m.model.fingerprint = model::adapted_fingerprint(of_base.model.fingerprint, map);
  m.model.precision = of_base.model.precision;
  m.model.device = of_base.model.device;
  m.model.dimension = map.outputs();
  m.libtorch = of_base.libtorch;
  m.images_per_second = of_base.images_per_second;
  return m;
}

/// Appends what the writer lacks. The failures of the base come with the last rows.
void write_mapped(const StoredVectors& base, const refine::LinearMap& map, store::EmbeddingWriter& writer) {
  const auto failures = base.failure_rows();
  if (writer.consumed() == base.rows() + failures.size()) return;
  for (auto first = writer.count(); first < base.rows(); first += rows_per_block) {
    Matrix block(std::min(rows_per_block, base.rows() - first), base.cols());
    base.copy(first, block);
    writer.append(refine::apply(map, block.view()).view(), std::span(base.items).subspan(first, block.rows), {},
                  first + block.rows);
  }
  writer.append({nullptr, 0, map.outputs()}, {}, failures, base.rows() + failures.size());
}

EmbedResult map_set(const Context& context, const EmbedOptions& options, const dataset::Dataset& data,
                    const ModelChoice& choice) {
  const auto& bundle = choice.members[0].bundle;
  const auto output =
      options.output.empty() ? default_output(context, data.name, options, choice.name) : options.output;
  finish_replacement(output);  // as embed_set()
  auto manifest = describe_request(context, options, data, list_works(data, options.split, options.shard), choice);
  if (const auto found = find_up_to_date(output, manifest)) return {output, *found, true};

  const auto map = model::read_map(bundle.path).map;
  check_replaceable(output, schema::embeddings);
  const auto base = embed_or_open(context, base_choice(bundle), data, options.split, options.execution, options.shard);
  manifest = describe_mapped(std::move(manifest), base.manifest, map);
  store::EmbeddingWriter writer(output, fmt::format("{} {}", manifest.source_fingerprint, manifest.model.fingerprint),
                                map.outputs(), store::columns_of(base.items));
  const auto resumed = writer.consumed();
  write_mapped(base, map, writer);
  writer.finish(manifest);

  return {output, store::EmbeddingSet::open(output).manifest(), false, resumed, base.cache.reused, base.cache.embedded};
}

}  // namespace

EmbedResult embed_or_map(const Context& context, const EmbedOptions& options, const dataset::Dataset& data,
                         const ModelChoice& choice) {
  const bool is_adapted =
      choice.members.size() == 1 && choice.members[0].bundle.is_adapted() && choice.members[0].bundle.steps.empty();
  return is_adapted ? map_set(context, options, data, choice) : embed_set(context, options, data, choice);
}

}  // namespace matcher::pipeline
