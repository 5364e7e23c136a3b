#include "matcher/pipeline/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/core/names.hpp"
#include "matcher/eval/open_set.hpp"
#include "matcher/image/image.hpp"
#include "matcher/image/preprocess.hpp"
#include "matcher/pipeline/run_lines.hpp"
#include "matcher/report/views.hpp"

namespace matcher::pipeline {
namespace {

using report::Failure;
using report::Photo;

/// What one pass over a run gives.
struct Answers {
  std::vector<RankedQuery> shown;  ///< wrong, or changed
  std::vector<bool> right;         ///< of each known query, in order
  std::vector<eval::KnownQuery> known;
  std::vector<double> unknown, left_out;
};

bool is_right(const RankedQuery& query) {
  return query.known && !query.answers.empty() && query.answers[0].label == query.label;
}

/// Best scores, for the curve of unknown products.
void note_scores(Answers& answers, const RankedQuery& query) {
  if (query.answers.empty()) return;
  const double best = query.answers[0].score;
  if (!query.known) {
    answers.unknown.push_back(best);
    return;
  }
  answers.known.push_back({best, is_right(query)});
  const auto other = std::ranges::find_if(query.answers, [&](const auto& a) { return a.label != query.label; });
  if (other != query.answers.end()) answers.left_out.push_back(other->score);
}

Answers read_answers_of(const fs::path& run, const std::vector<bool>* baseline) {
  Answers answers;
  for_each_query(run, [&](RunLine& line) {
    auto& query = line.query;
    note_scores(answers, query);
    if (!query.known) return;
    const auto at = answers.right.size();
    const bool right = is_right(query);
    answers.right.push_back(right);
    const bool fixed = baseline != nullptr && right && at < baseline->size() && !(*baseline)[at];
    if (!right || fixed) answers.shown.push_back(std::move(query));
  });
  return answers;
}

std::string base64(std::span<const std::byte> bytes) {
  constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (i + k < bytes.size() ? unsigned(bytes[i + k]) : 0);
    for (std::size_t k = 0; k < 4; ++k) out += i + k <= bytes.size() ? letters[group >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

image::Size fitted(const image::Image& picture, int side) {
  const auto longer = std::max({picture.width, picture.height, 1});
  const auto scaled = [&](int length) {
    return std::max(1, int(std::int64_t(length) * std::min(side, longer) / longer));
  };
  return {scaled(picture.height), scaled(picture.width)};
}

/// Makes each photo's thumbnail once.
class Thumbnails {
 public:
  Thumbnails(std::vector<std::string>& into, int side) : into_(into), side_(side) {}

  int of(const std::string& path) {
    if (path.empty()) return -1;
    const auto [found, fresh] = made_.emplace(path, -1);
    if (fresh) found->second = make(path);
    return found->second;
  }

 private:
  int make(const std::string& path) {
    try {
      const auto picture = image::decode(read_bytes(path), true);
      const auto small = image::resize(picture, fitted(picture, side_), image::Filter::bilinear);
      into_.push_back("data:image/jpeg;base64," + base64(image::encode_jpeg(small, 72)));
      return int(into_.size()) - 1;
    } catch (const image::DecodeError&) {
    } catch (const Error&) {
    }
    return -1;
  }

  std::vector<std::string>& into_;
  int side_;
  std::map<std::string, int> made_;
};

Failure failure_of(const RankedQuery& query, const std::string& model, const std::string& change,
                   Thumbnails& thumbnails) {
  Failure failure{
      model, change, {query.id, query.label, query.text, thumbnails.of(query.path)}, std::nullopt, std::nullopt};
  if (!query.answers.empty())
    failure.answer = Photo{query.answers[0].id, query.answers[0].label, "", thumbnails.of(query.answer_path)};
  if (is_right(query)) failure.right = failure.answer;
  if (!query.right_id.empty()) failure.right = Photo{query.right_id, query.label, "", thumbnails.of(query.right_path)};
  return failure;
}

/// Changed ones first; of the rest every n-th, so that all products have a chance.
std::vector<const RankedQuery*> chosen(const std::vector<RankedQuery>& lines, const std::vector<bool>& changed,
                                       std::size_t most) {
  std::vector<const RankedQuery*> first, rest;
  for (std::size_t i = 0; i < lines.size(); ++i) (changed[i] ? first : rest).push_back(&lines[i]);
  if (first.size() > most) first.resize(most);
  const auto room = most - first.size();
  for (std::size_t i = 0; i < std::min(room, rest.size()); ++i)
    first.push_back(rest[i * rest.size() / std::min(room, rest.size())]);
  return first;
}

/// Unknown products: real ones where a threshold for 5 % could be bound, else each query without its own product.
void add_curve(report::Page& page, const std::string& model, const Answers& answers) {
  const bool real = answers.unknown.size() >= eval::unknown_queries_needed(0.05);
  const auto& unknown = real ? answers.unknown : answers.left_out;
  if (answers.known.empty() || unknown.size() < answers.known.size() * 9 / 10) return;
  report::Series line{model + (real ? "" : ", own product left out"), {}};
  for (const auto& point : eval::detection_curve(answers.known, unknown, 100))
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
  report::Series line{fmt::format("{}, {} of {} photos", views.model.name, views.aggregate, views.side), {}};
  for (const auto& row : views.rows) {
    const auto& e = row.metrics.at(0).second;
    line.points.push_back({double(row.views), e.value, e.low, e.high});
  }
  return line;
}

class PageMaker {
 public:
  PageMaker(report::Comparison comparison, const PageOptions& options)
      : options_(options), thumbnails_(page_.thumbnails, options.thumbnail) {
    page_.comparison = std::move(comparison);
  }

  report::Page make() {
    const auto& rows = page_.comparison.rows;
    const auto base =
        std::size_t(std::ranges::find_if(rows, [](const auto& row) { return row.gains.empty(); }) - rows.begin());
    const auto baseline = base < rows.size() ? read_answers_of(rows[base].run, nullptr) : Answers();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (i == base) {
        add(i, baseline, nullptr);
      } else {
        add(i, read_answers_of(rows[i].run, &baseline.right), &baseline.right);
      }
    }
    for (const auto& file : options_.views) page_.views.push_back(curve_of(file, rows.at(0).report));
    page_.title = fmt::format("{}: {}", rows.at(0).report.dataset.name,
                              rows.size() == 1 ? rows[0].report.model.name : fmt::format("{} models", rows.size()));
    return std::move(page_);
  }

 private:
  void add(std::size_t row, const Answers& answers, const std::vector<bool>* baseline) {
    const auto model = page_.comparison.rows[row].report.model.name;
    add_curve(page_, model, answers);
    const auto wrong_before = wrong_places(answers, baseline);
    const auto lines = chosen(answers.shown, wrong_before, options_.most_failures / page_.comparison.rows.size());
    page_.failures_left_out += answers.shown.size() - lines.size();
    for (const auto* line : lines) {
      const bool changed = baseline != nullptr && wrong_before[std::size_t(line - answers.shown.data())];
      page_.failures.push_back(failure_of(*line, model,
                                          !changed          ? ""
                                          : is_right(*line) ? "fixed"
                                                            : "broken",
                                          thumbnails_));
    }
  }

  /// For each shown line whether it changed from the baseline: right now means wrong before, and wrong now right
  /// before.
  static std::vector<bool> wrong_places(const Answers& answers, const std::vector<bool>* baseline) {
    std::vector<bool> changed(answers.shown.size());
    if (baseline == nullptr) return changed;
    std::size_t line = 0;
    for (std::size_t i = 0; i < answers.right.size() && line < changed.size(); ++i) {
      const bool before = i < baseline->size() && (*baseline)[i], now = answers.right[i];
      if (!now || !before) changed[line++] = now != before;
    }
    return changed;
  }

  PageOptions options_;
  report::Page page_;
  Thumbnails thumbnails_;
};

}  // namespace

report::Page make_page(report::Comparison comparison, const PageOptions& options) {
  return PageMaker(std::move(comparison), options).make();
}

}  // namespace matcher::pipeline
