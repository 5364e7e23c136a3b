#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "matcher/report/escape.hpp"
#include "matcher/report/page/markup.hpp"
#include "matcher/report/page/page.hpp"
#include "matcher/report/page/photos.hpp"

namespace matcher::report {
namespace {

std::string score_note(float score) { return fmt::format("score {:.4f}", score); }

/// The answer to a query in a few words.
std::string in_words(const QueryAnswers& query) {
  if (!query.error.empty()) return "could not be read";
  if (query.rejected) return "no match";
  return query.answers.empty() ? "no answer" : name_of(query.answers[0]);
}

/// A photo without its folder; words as they are.
std::string short_name(const QueryAnswers& query) {
  return query.is_text ? query.query : std::filesystem::path(query.query).filename().string();
}

std::string headline(const Answers& answers) {
  const auto& first = answers.queries.at(0);
  if (answers.queries.size() == 1) return fmt::format("{}: {}", short_name(first), in_words(first));
  const auto matched = std::ranges::count_if(answers.queries, [](const auto& q) { return !q.answers.empty(); });
  return fmt::format("{} of {} queries {} a match", matched, answers.queries.size(), matched == 1 ? "has" : "have");
}

std::string index_line(const Answers& a) {
  auto line = fmt::format("Index {} of {} items; model {}.", a.index_type, a.items, a.model.name);
  if (a.threshold) {
    line += fmt::format(" Photos with a {} below {:.4f} have no match (threshold from {}).",
                        to_string(a.threshold_score), *a.threshold, a.threshold_from);
  }
  return line;
}

std::string query_figure(const QueryAnswers& query, const Thumbnails& thumbnails) {
  if (query.is_text) return draw({.title = "words", .instead = query.query}, thumbnails);
  return draw({.title = "photo", .path = query.query, .instead = query.error}, thumbnails);
}

std::string answer_figures(const QueryAnswers& query, const Thumbnails& thumbnails) {
  std::string out;
  for (std::size_t i = 0; i < query.answers.size(); ++i) {
    const auto& answer = query.answers[i];
    out += draw({fmt::format("answer {}", i + 1), name_of(answer), score_note(answer.score), answer.path}, thumbnails);
  }
  if (const auto& nearest = query.rejected)
    out += draw({"nearest", name_of(*nearest), score_note(nearest->score), nearest->path}, thumbnails);
  return out;
}

std::string card(const QueryAnswers& query, const Thumbnails& thumbnails) {
  return report::card("", escape_xml(in_words(query)),
                      query_figure(query, thumbnails) + answer_figures(query, thumbnails), query.query);
}

}  // namespace

std::string answer_of(const Answers& answers) {
  return heading("Answers of the index", headline(answers)) + paragraph(index_line(answers));
}

std::string answers_of(const Answers& answers, const Thumbnails& thumbnails) {
  const auto shown = std::min(answers.queries.size(), most_queries);
  std::string list;
  for (std::size_t i = 0; i < shown; ++i) list += card(answers.queries[i], thumbnails);
  std::string about;
  if (shown < answers.queries.size())
    about = paragraph(fmt::format("The first {} of {} queries. --format json has all.", shown, answers.queries.size()));
  return section("answers", "Queries and their answers", about + "<div class=\"cards wide\">\n" + list + "</div>\n");
}

}  // namespace matcher::report
