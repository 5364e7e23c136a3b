#include "matcher/pipeline/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/eval/open_set.hpp"
#include "matcher/image/image.hpp"
#include "matcher/image/preprocess.hpp"

namespace matcher::pipeline {
namespace {

using json = nlohmann::json;
using report::Failure;
using report::Photo;

/// A line of queries.jsonl, as far as a page needs it.
struct Line {
  std::string id, label, path, text;
  bool known = false, right = false;
  std::string answer_id, answer_label, answer_path, right_id, right_path;
};

/// What one pass over a run gives.
struct Answers {
  std::vector<Line> shown;  ///< wrong, or changed
  std::vector<bool> right;  ///< of each known query, in order
  std::vector<eval::KnownQuery> known;
  std::vector<double> unknown, left_out;
};

std::string text_at(const json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || !found->is_string() ? std::string() : found->get<std::string>();
}

Line line_of(const json& query) {
  Line line{text_at(query, "id"),
            text_at(query, "label"),
            text_at(query, "path"),
            text_at(query, "text"),
            query.at("known").get<bool>(),
            false,
            {},
            {},
            {},
            {},
            {}};
  const auto& answers = query.at("answers");
  if (!answers.empty()) {
    line.answer_id = text_at(answers[0], "id");
    line.answer_label = text_at(answers[0], "label");
    line.answer_path = text_at(query, "answer_path");
    line.right = line.known && line.answer_label == line.label;
  }
  if (const auto right = query.find("right_item"); right != query.end() && right->is_object()) {
    line.right_id = text_at(*right, "id");
    line.right_path = text_at(*right, "path");
  }
  return line;
}

/// Best scores, for the curve of unknown products.
void note_scores(Answers& answers, const json& query, const Line& line) {
  const auto& all = query.at("answers");
  if (all.empty()) return;
  const double best = all[0].at("score").get<double>();
  if (!line.known) {
    answers.unknown.push_back(best);
    return;
  }
  answers.known.push_back({best, line.right});
  const auto other = std::ranges::find_if(all, [&](const json& a) { return text_at(a, "label") != line.label; });
  if (other != all.end()) answers.left_out.push_back(other->at("score").get<double>());
}

Answers read_answers_of(const fs::path& run, const std::vector<bool>* baseline) {
  const auto file = run / "queries.jsonl";
  auto in = open_for_reading(file);
  Answers answers;
  std::size_t number = 0;
  for (std::string text; std::getline(in, text);) {
    ++number;
    try {
      const auto query = json::parse(text);
      auto line = line_of(query);
      note_scores(answers, query, line);
      if (!line.known) continue;
      const auto at = answers.right.size();
      answers.right.push_back(line.right);
      const bool fixed = baseline != nullptr && line.right && at < baseline->size() && !(*baseline)[at];
      if (!line.right || fixed) answers.shown.push_back(std::move(line));
    } catch (const json::exception& error) {
      throw Error(ErrorCode::input,
                  fmt::format("{}:{}: damaged ({}); evaluate again", file.string(), number, error.what()));
    }
  }
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

Failure failure_of(const Line& line, const std::string& model, const std::string& change, Thumbnails& thumbnails) {
  Failure failure{
      model, change, {line.id, line.label, line.text, thumbnails.of(line.path)}, std::nullopt, std::nullopt};
  if (!line.answer_id.empty())
    failure.answer = Photo{line.answer_id, line.answer_label, "", thumbnails.of(line.answer_path)};
  if (line.right) failure.right = failure.answer;
  if (!line.right_id.empty()) failure.right = Photo{line.right_id, line.label, "", thumbnails.of(line.right_path)};
  return failure;
}

/// Changed ones first; of the rest every n-th, so that all products have a chance.
std::vector<const Line*> chosen(const std::vector<Line>& lines, const std::vector<bool>& changed, std::size_t most) {
  std::vector<const Line*> first, rest;
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
      page_.failures.push_back(failure_of(*line, model, !changed ? "" : line->right ? "fixed" : "broken", thumbnails_));
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
