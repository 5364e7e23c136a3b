#include "matcher/pipeline/views.hpp"

#include <fmt/format.h>

#include "matcher/core/error.hpp"
#include "matcher/files/hash.hpp"
#include "matcher/pipeline/embedding/lost_images.hpp"
#include "matcher/pipeline/embedding/resolve.hpp"
#include "matcher/pipeline/measuring/view_curve.hpp"
#include "matcher/pipeline/search/labels.hpp"
#include "matcher/pipeline/search/sides.hpp"
#include "matcher/pipeline/vectors/refined_vectors.hpp"

namespace matcher::pipeline {
namespace {

Photos load_photos(const Context& context, const ModelChoice& model, const dataset::Dataset& data,
                   const ViewsOptions& options) {
  auto gallery = load_gallery(context, model, data, options.execution);
  auto queries = load_queries(context, model, gallery.maps, data, options.execution);
  auto cache = gallery.cache;
  report_cache_use(cache += queries.cache, model.name, context.observer);
  report_lost_images(gallery.failures, queries.failures, model.name, context.observer);
  return group_photos(std::move(gallery), std::move(queries));
}

void check_known(const Photos& photos, const std::string& dataset) {
  if (photos.known > 0) return;
  throw Error(
      ErrorCode::input,
      fmt::format("none of the {} queries of \"{}\" has a label that a gallery item has; check the label column",
                  photos.queries.items.size(), dataset));
}

report::Data describe_data(const dataset::Dataset& data, const Photos& photos) {
  report::Data d;
  d.name = data.name;
  d.fingerprint =
      Hasher().field(photos.gallery.manifest.data.fingerprint).field(photos.queries.manifest.data.fingerprint).hex();
  d.protocol = data.protocol;
  d.gallery = photos.gallery.items.size();
  d.queries = photos.queries.items.size();
  d.labels = photos.labels.size();
  d.gallery_failures = photos.gallery.failures;
  d.query_failures = photos.queries.failures;
  d.unknown_queries = d.queries - photos.known;
  for (const auto& self : photos.self) d.self_matches += self.size();
  return d;
}

CurveSettings curve_settings(const ViewsOptions& options) {
  return {options.side, options.aggregate, options.counts,           options.repeats,
          options.seed, options.ks,        options.execution.threads};
}

}  // namespace

report::Views views(const Context& context, const ViewsOptions& options) {
  const auto choice = choose_model(context, options.model, options.execution);
  check_no_search_steps(choice, "and views compares photos without one; leave it out");
  const auto data = load_dataset(context, options.dataset);
  check_not_empty(data, true);
  const auto photos = load_photos(context, choice, data, options);
  check_labels(context.observer, photos.gallery.items, photos.queries.items, data.name);
  check_known(photos, data.name);
  report::Views result;
  result.model = photos.queries.manifest.model;
  result.model.name = choice.name;
  result.dataset = describe_data(data, photos);
  result.side = options.side;
  result.aggregate = options.aggregate;
  result.repeats = options.repeats;
  result.seed = options.seed;
  result.rows = measure_curve(context, photos, curve_settings(options));
  return result;
}

}  // namespace matcher::pipeline
