#include "matcher/pipeline/adapt.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <set>
#include <span>

#include "matcher/config/bundles.hpp"
#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/output_place.hpp"
#include "matcher/model/adapted.hpp"
#include "matcher/pipeline/learning/base.hpp"
#include "matcher/pipeline/learning/checks.hpp"
#include "matcher/pipeline/learning/protocols.hpp"
#include "matcher/pipeline/learning/settings.hpp"

namespace matcher::pipeline {
namespace {

constexpr std::size_t most_sampled = 20'000;  // photos in folds: their vectors are in memory

fs::path map_file(const Context& context, const std::string& name) {
  return context.places.own.models / (name + ".safetensors");
}

void check_name(const Context& context, const std::string& name) {
  if (name.empty() || name != file_name_of(name) || name[0] == '.') {
    throw Error(ErrorCode::usage,
                fmt::format("\"{}\" is not a valid model name; use letters, digits, '-', '_' and '.'", name));
  }
  for (const auto& bundle : config::find_bundles(context.places)) {
    if (bundle.name != name || bundle.is_adapted()) continue;
    throw Error(ErrorCode::usage, fmt::format("\"{}\" is the name of another model ({}); give the adapted model a name "
                                              "of its own",
                                              name, bundle.origin));
  }
}

refine::Scatter sum_gallery(const StoredVectors& gallery, const Products& products) {
  refine::Scatter scatter(gallery.cols());
  index::for_each_block(gallery, [&](std::size_t first, MatrixView block) {
    scatter.add(block, std::span(products.numbers).subspan(first, block.rows));
  });
  return scatter;
}

report::Metrics estimate(const Outcome& outcome, const std::vector<eval::Metric>& metrics) {
  return run::estimates_of(outcome.values, metrics, product_groups(outcome));
}

/// Adds a row, unless no query has a right answer.
void add_row(std::vector<report::AdaptationRow>& rows, report::AdaptationRow row, const Compared& compared,
             const std::vector<eval::Metric>& metrics) {
  if (compared.base.queries() == 0) return;
  row.queries = compared.base.queries();
  row.products = std::set(compared.base.labels.begin(), compared.base.labels.end()).size();
  row.base = estimate(compared.base, metrics);
  row.adapted = estimate(compared.adapted, metrics);
  const auto gains = gains_over(compared.adapted, compared.base);
  for (std::size_t m = 0; m < metrics.size(); ++m) row.gains.emplace_back(metrics[m].name, gains[m]);
  rows.push_back(std::move(row));
}

/// Corrects p over the rows (Holm), for each metric by itself.
void correct(std::vector<report::AdaptationRow>& rows, std::size_t metrics) {
  for (std::size_t m = 0; m < metrics; ++m) {
    std::vector<eval::Gain*> family;
    for (auto& row : rows) family.push_back(&row.gains[m].second);
    eval::correct(family);
  }
}

/// A gain is judged as a drop of the base against the adapted model.
report::RequiredGain judge(const run::MetricLimit& limit, const Compared& compared,
                           const std::vector<eval::Metric>& metrics) {
  report::RequiredGain gain{limit.metric, limit.value};
  if (compared.base.queries() == 0) return gain;
  const auto m = std::size_t(std::ranges::find(metrics, limit.metric, &eval::Metric::name) - metrics.begin());
  const auto test =
      eval::test_drop(compared.base.values[m], compared.adapted.values[m], limit.value, product_groups(compared.base));
  gain.value = test.value;
  gain.verdict = test.p_beyond <= eval::gate_level   ? eval::Verdict::pass
                 : test.p_within <= eval::gate_level ? eval::Verdict::fail
                                                     : eval::Verdict::undecided;
  return gain;
}

/// Learns and measures one model.
class Adapter {
 public:
  Adapter(const Context& context, const AdaptOptions& options, BaseVectors base)
      : context_(context),
        options_(options),
        method_(refine::find_method(options.method)),
        metrics_(eval::metrics(options.metrics)),
        base_(std::move(base)),
        products_(number_products(base_.gallery.items)) {
    check_labels_teach(method_, base_, products_);
    drop_shared_photos(context.observer, base_);
    warn_of_text_queries(context.observer, base_);
    if (options.curve && !base_.queries)
      throw Error(ErrorCode::usage, "--curve needs queries: add --hold-out 20%, or leave --curve out");
  }

  report::Adaptation run() {
    const GivenSettings given{options_.shrinkage, options_.power, options_.dimension};
    const auto most = method_.most_dimensions(base_.gallery.cols(), base_.gallery.rows());
    const auto settings = list_settings(method_, given, most);
    const auto scatter = sum_gallery(base_.gallery, products_);
    refine::check_dimension(method_, scatter, settings[0].dimension);
    sample_ = draw_sample(base_.gallery, products_, most_sampled, options_.near_duplicate);
    context_.observer.begin(options_.name + ", folds", 2 * fold_products(sample_).count + series_folds, 0);
    const auto trials =
        try_settings(sample_, method_, settings, std::size_t(thread_count(options_.execution.threads)), progress_);
    const auto choice = choose(trials);
    const auto map = learn(method_, scatter, choice.setting);
    auto result = describe(map, choice, settings.size());
    write(map, choice.setting, result);
    measure_all(map, choice, trials, result);
    context_.observer.end();
    return result;
  }

 private:
  report::Adaptation describe(const refine::LinearMap& map, const Choice& choice, std::size_t tried) const {
    report::Adaptation result;
    result.base = base_.gallery.manifest.model;
    result.base.name = base_.name;
    result.model = result.base;
    result.model.name = options_.name;
    result.model.dimension = map.outputs();
    result.model.fingerprint = model::adapted_fingerprint(result.base.fingerprint, map);
    result.file = map_file(context_, options_.name);
    result.dataset = base_.gallery.manifest.data.name;
    result.data = base_.gallery.manifest.data.fingerprint;
    result.photos = base_.gallery.rows();
    result.products = products_.count;
    result.sample = sample_.items.size();
    result.series = sample_.series_count;
    auto& s = result.settings;
    s.method = method_.name;
    if (method_.takes_shrinkage) s.shrinkage = choice.setting.shrinkage;
    if (method_.takes_power) s.power = choice.setting.power;
    s.dimension = map.outputs();
    s.tried = tried;
    s.photos = choice.queries;
    s.chosen = choice.is_best;
    s.reason = explain(method_, choice, tried);
    return result;
  }

  void write(const refine::LinearMap& map, const FitSettings& setting, report::Adaptation& result) const {
    model::Bundle bundle;
    bundle.name = options_.name;
    bundle.description = fmt::format("{} mapped by {} ({}), learnt on {}", base_.name, method_.name,
                                     pipeline::describe(method_, setting), result.dataset);
    bundle.license = license();
    bundle.dimension = int(map.outputs());
    bundle.adaptation = {.bases = base_.bases,
                         .base_fingerprint = model::base_fingerprint(base_.bases, known_models(context_)),
                         .method = method_.name,
                         .shrinkage = method_.takes_shrinkage ? setting.shrinkage : 0,
                         .power = method_.takes_power ? setting.power : 0,
                         .dataset = result.dataset,
                         .data = result.data,
                         .photos = result.photos,
                         .products = result.products};
    model::LearntMap learnt{map, {}};
    for (const auto& item : base_.gallery.items) learnt.photos.push_back(model::photo_number(item.content_hash));
    std::ranges::sort(learnt.photos);
    make_folder(result.file.parent_path());
    model::write_map(result.file, learnt, config::bundle_yaml(bundle), made_since(start_));
    result.model.size_bytes = result.base.size_bytes + fs::file_size(result.file);
  }

  std::string license() const {
    std::set<std::string> licenses;
    for (const auto& base : base_.bases) licenses.insert(base.bundle.license);
    licenses.erase("");
    return fmt::format("{}", fmt::join(licenses, " and "));
  }

  void measure_all(const refine::LinearMap& map, const Choice& choice, const Trials& trials,
                   report::Adaptation& result) {
    const Learning learning{sample_, method_, metrics_, progress_};
    const auto* queries = base_.queries ? &*base_.queries : nullptr;
    auto judged = compare_new_photos(learning, choice.setting);
    add_row(result.rows, {.protocol = report::Protocol::new_photos, .folds = series_folds, .own_queries = false},
            judged, metrics_);
    const auto unseen =
        compare_new_products(learning, queries, [&](std::size_t fold) { return choose(trials, fold).setting; });
    add_row(result.rows,
            {.protocol = report::Protocol::new_products,
             .folds = trials.by_fold[0].size(),
             .own_queries = queries != nullptr},
            unseen, metrics_);
    if (queries != nullptr) {
      const auto gallery = load_into_memory(std::move(base_.gallery));
      judged =
          compare_queries({gallery.unit.view(), gallery.items}, {queries->unit.view(), queries->items}, map, metrics_);
      add_row(result.rows, {.protocol = report::Protocol::queries}, judged, metrics_);
      if (options_.curve) add_curve({gallery.unit.view(), gallery.items}, *queries, map, result);
    }
    correct(result.rows, metrics_.size());
    for (const auto& limit : options_.require_gain) result.required.push_back(judge(limit, judged, metrics_));
  }

  void add_curve(const Side& gallery, const VectorSet& queries, const refine::LinearMap& map,
                 report::Adaptation& result) const {
    const Side asked{queries.unit.view(), queries.items};
    const auto mapped_gallery = refine::apply(map, gallery.unit), mapped_queries = refine::apply(map, asked.unit);
    result.curve = curve_of({mapped_gallery.view(), gallery.items}, {mapped_queries.view(), asked.items});
    result.base_curve = curve_of(gallery, asked);
  }

  std::vector<report::CurvePoint> curve_of(const Side& gallery, const Side& queries) const {
    std::vector<report::CurvePoint> curve;
    for (const auto& [dimension, outcome] : measure_dimensions(gallery, queries, metrics_))
      curve.push_back({dimension, estimate(outcome, metrics_)});
    return curve;
  }

  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  const Context& context_;
  const AdaptOptions& options_;
  const refine::Method& method_;
  std::vector<eval::Metric> metrics_;
  BaseVectors base_;
  Products products_;
  Sample sample_;
  std::function<void()> progress_ = [this] { context_.observer.advance(1); };
};

}  // namespace

report::Adaptation adapt(const Context& context, const AdaptOptions& options) {
  const auto& method = refine::find_method(options.method);
  check_given(method, {options.shrinkage, options.power, options.dimension});
  eval::metrics(options.metrics);
  run::check_limits(options.require_gain, options.metrics, "--require-gain");
  check_name(context, options.name);
  check_folder_place(map_file(context, options.name).parent_path());
  return Adapter(context, options, load_base(context, options.input, options.execution)).run();
}

}  // namespace matcher::pipeline
