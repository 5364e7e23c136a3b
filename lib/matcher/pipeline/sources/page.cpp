#include "matcher/pipeline/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "matcher/core/base64.hpp"
#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"
#include "matcher/eval/open_set.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/read_unchanged.hpp"
#include "matcher/image/image.hpp"
#include "matcher/image/preprocess.hpp"
#include "matcher/pipeline/embedding/photo.hpp"
#include "matcher/report/json.hpp"
#include "matcher/run/best_scores.hpp"
#include "matcher/run/run_folder.hpp"

namespace matcher::pipeline {
namespace {

using report::Failure;
using report::Outcome;
using report::Photo;

/// A query on the page.
struct Shown {
  run::RankedQuery query;
  Outcome outcome;
};

/// The known queries, by id: true if the first answer is right.
using Right = std::unordered_map<std::string, bool>;

/// The answers of a run, of which a page shows some.
struct Answers {
  std::vector<Shown> shown;  ///< wrong, or changed from the baseline
  Right right;
  run::BestScores best;
};

/// Queries that the baseline lacks have not changed; null: no baseline.
Outcome outcome_of(const std::string& query, bool right, const Right* baseline) {
  if (baseline == nullptr) return Outcome::same;
  const auto before = baseline->find(query);
  if (before == baseline->end() || before->second == right) return Outcome::same;
  return right ? Outcome::fixed : Outcome::broken;
}

/// Runs of other systems have neither photos nor labels: nothing is shown.
Answers read_answers(const fs::path& run, const Right* baseline) {
  Answers answers;
  if (run::RunFolder::is_foreign(run)) return answers;
  const auto add_query = [&](run::RankedQuery& query) {
    add(answers.best, query);
    if (!query.known()) return;
    const bool right = is_right(query);
    const auto outcome = outcome_of(query.id, right, baseline);
    answers.right.emplace(query.id, right);
    if (!right || outcome != Outcome::same) answers.shown.push_back({std::move(query), outcome});
  };
  const auto folder = run::RunFolder::open_own(run);
  read_unchanged(run, [&] {
    answers = {};
    folder.for_each_query(add_query);
  });
  return answers;
}

image::Size fitted(const image::Image& image, int side) {
  const auto longer = std::max({image.width, image.height, 1});
  const auto scaled = [&](int length) {
    return std::max(1, int(std::int64_t(length) * std::min(side, longer) / longer));
  };
  return {scaled(image.height), scaled(image.width)};
}

constexpr int thumbnail_side = 320;  // pixels of the longer side

/// The photo as a data: URI.
std::string make_thumbnail(const std::string& path) {
  const auto photo = image::compose_on_white(load_image(path));
  const auto small = image::resize(photo, fitted(photo, thumbnail_side), image::Filter::bilinear);
  std::string uri = "data:image/jpeg;base64,";
  append_base64(uri, image::encode_jpeg(small, 72));
  return uri;
}

/// Makes each photo's thumbnail once. An unreadable photo has none.
class ThumbnailMaker {
 public:
  explicit ThumbnailMaker(report::Thumbnails& into) : into_(into) {}

  /// Returns `path`.
  const std::string& add(const std::string& path) {
    if (!path.empty() && tried_.insert(path).second) try_to_add(path);
    return path;
  }

 private:
  void try_to_add(const std::string& path) {
    try {
      into_[path] = make_thumbnail(path);
    } catch (const image::DecodeError&) {
    } catch (const Error&) {
    }
  }

  report::Thumbnails& into_;
  std::set<std::string> tried_;
};

std::string rank_of_right(const run::RankedQuery& query) {
  return query.right.empty() ? "not among the answers kept" : fmt::format("answer {}", query.right[0]);
}

Failure failure_of(const Shown& shown, const std::string& model, ThumbnailMaker& thumbnails) {
  const auto& query = shown.query;
  Failure failure{model,
                  shown.outcome,
                  {query.id, query.label, query.details->text, thumbnails.add(query.path)},
                  std::nullopt,
                  std::nullopt};
  if (!query.answers.empty()) {
    failure.answer = Photo{query.answers[0].id, query.answers[0].label, "", thumbnails.add(query.details->answer_path),
                           fmt::format("score {:.3f}", query.answers[0].score)};
  }
  if (is_right(query)) failure.right = failure.answer;
  if (!query.details->right_id.empty())
    failure.right = Photo{query.details->right_id, query.label, "", thumbnails.add(query.details->right_path),
                          rank_of_right(query)};
  return failure;
}

constexpr std::size_t most_per_product = 3;

/// The queries with `outcome`, at most `most_per_product` of each label.
std::vector<const Shown*> with(Outcome outcome, const std::vector<Shown>& all) {
  std::map<std::string, std::size_t> chosen;
  std::vector<const Shown*> some;
  for (const auto& one : all) {
    if (one.outcome == outcome && ++chosen[one.query.label] <= most_per_product) some.push_back(&one);
  }
  return some;
}

/// At most `most` queries: newly broken ones first, then fixed ones, then the others. Where not all fit, every n-th, so
/// that all products have a chance.
std::vector<const Shown*> choose(const std::vector<Shown>& all, std::size_t most) {
  std::vector<const Shown*> chosen;
  for (const auto outcome : {Outcome::broken, Outcome::fixed, Outcome::same}) {
    const auto some = with(outcome, all);
    const auto room = std::min(most - chosen.size(), some.size());
    for (std::size_t i = 0; i < room; ++i) chosen.push_back(some[i * some.size() / room]);
  }
  return chosen;
}

/// Unknown products: real ones where a threshold for 5 % could be bound, else each query without its own product.
void add_curve(report::Page& page, const std::string& model, const Answers& answers) {
  const bool real = answers.best.unknown.size() >= eval::unknown_queries_needed(0.05);
  const auto& unknown = real ? answers.best.unknown : answers.best.left_out;
  if (answers.best.known.empty() || unknown.size() < answers.best.known.size() * 9 / 10) return;
  report::Series line{model + (real ? "" : ", own product left out"), {}};
  for (const auto& point : eval::detection_curve(answers.best.known, unknown, 100))
    line.points.push_back({point.false_alarms, point.accepted});
  page.roc.push_back(std::move(line));
}

/// The first metric of a curve of views.
report::Series curve_of(const fs::path& file, const report::Report& of_page) {
  const auto views = report::parse_views(read_text(file), file.string());
  const auto &ours = of_page.dataset, &its = views.dataset;
  if (its.fingerprint != ours.fingerprint) {
    throw Error(
        ErrorCode::mismatch,
        fmt::format("the curve {} is of \"{}\" (data {}) but the runs of the page are of \"{}\" (data {}); make it "
                    "again with: matcher views --model {} --dataset {} --format json --write-to {}",
                    file.string(), its.name, short_fingerprint(its.fingerprint), ours.name,
                    short_fingerprint(ours.fingerprint), views.model.name, ours.name, file.string()));
  }
  report::Series line{fmt::format("{} {}, {} of {} photos", views.model.name, views.rows.at(0).metrics.at(0).first,
                                  eval::name_of(views.aggregate), to_string(views.side)),
                      {}};
  for (const auto& row : views.rows) {
    const auto& e = row.metrics.at(0).second;
    line.points.push_back({double(row.views), e.value, e.low, e.high});
  }
  return line;
}

/// Newly broken photos of all models come first, then newly fixed ones.
int place_on_page(const Failure& failure) {
  if (failure.outcome == Outcome::same) return 2;
  return failure.outcome == Outcome::broken ? 0 : 1;
}

class PageMaker {
 public:
  PageMaker(report::Comparison comparison, const PageOptions& options)
      : options_(options), thumbnails_(page_.thumbnails) {
    page_.comparison = std::move(comparison);
  }

  report::Page make() {
    const auto& rows = page_.comparison.rows;
    const auto base =
        std::size_t(std::ranges::find_if(rows, [](const auto& row) { return row.gains.empty(); }) - rows.begin());
    const auto baseline = base < rows.size() ? read_answers(rows[base].run, nullptr) : Answers();
    for (std::size_t i = 0; i < rows.size(); ++i)
      add(rows[i], i == base ? baseline : read_answers(rows[i].run, &baseline.right));
    std::ranges::stable_sort(page_.failures, {}, place_on_page);
    for (const auto& file : options_.views) page_.views.push_back(curve_of(file, rows.at(0).report));
    page_.title = fmt::format("{}: {}", rows.at(0).report.dataset.name,
                              rows.size() == 1 ? rows[0].report.model.name : fmt::format("{} models", rows.size()));
    return std::move(page_);
  }

 private:
  void add(const report::Row& row, const Answers& answers) {
    const auto& model = row.report.model.name;
    add_curve(page_, model, answers);
    const auto chosen = choose(answers.shown, options_.most_failures / page_.comparison.rows.size());
    page_.failures_left_out += answers.shown.size() - chosen.size();
    for (const auto* shown : chosen) page_.failures.push_back(failure_of(*shown, model, thumbnails_));
  }

  PageOptions options_;
  report::Page page_;
  ThumbnailMaker thumbnails_;
};

report::Thumbnails make_thumbnails(const std::vector<std::string>& paths) {
  report::Thumbnails thumbnails;
  ThumbnailMaker maker(thumbnails);
  for (const auto& path : paths) maker.add(path);
  return thumbnails;
}

}  // namespace

report::Page make_page(report::Comparison comparison, const PageOptions& options) {
  return PageMaker(std::move(comparison), options).make();
}

report::Page make_page(const report::Report& report, const fs::path& run, const PageOptions& options) {
  report::Comparison alone;
  alone.baseline = report.model.name;
  alone.rows.push_back({report, {}, run.string()});
  return make_page(std::move(alone), options);
}

report::Thumbnails load_thumbnails(const report::Answers& answers) {
  return make_thumbnails(report::photos_on_page(answers));
}

report::Thumbnails load_thumbnails(const report::Audit& audit) {
  return make_thumbnails(report::photos_on_page(audit));
}

}  // namespace matcher::pipeline
