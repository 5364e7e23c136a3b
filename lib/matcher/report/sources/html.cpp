#include "matcher/report/html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "matcher/core/version.hpp"
#include "matcher/report/escape.hpp"
#include "matcher/report/page/markup.hpp"
#include "matcher/report/page/page.hpp"
#include "matcher/report/page/shell.hpp"

namespace matcher::report {
namespace {

/// Replaces the first `mark`.
std::string put_in(std::string_view text, std::string_view mark, std::string_view with) {
  const auto at = text.find(mark);  // not constexpr: GCC with sanitizers cannot compute it
  return fmt::format("{}{}{}", text.substr(0, at), with, text.substr(at + mark.size()));
}

/// The answer comes first, then links to the sections, then these.
std::string in_frame(std::string_view title, const std::string& answer, const std::string& sections) {
  const auto body = answer + links_to(sections) + sections + paragraph(fmt::format("matcher {}", version));
  return put_in(put_in(page_shell, "@TITLE@", escape_xml(title)), "@BODY@", body);
}

std::string search_line(const Report& report) {
  return paragraph(fmt::format("Search: {}; {} answers kept per test photo.", report.index, report.depth));
}

}  // namespace

std::string to_html(const Page& page) {
  using Part = std::string (*)(const Page&);
  std::string sections;
  for (const Part part : std::initializer_list<Part>{models_of, failures_of, products_of, confusions_of, speed_of,
                                                     curves_of, losses_of, duplicates_of})
    sections += part(page);
  return in_frame(page.title, answer_of(page), sections + search_line(page.comparison.rows.at(0).report));
}

std::string to_html(const Fusion& fusion, const Page& ensemble) {
  return in_frame(ensemble.title, answer_of(fusion, ensemble),
                  members_of(fusion) + overlaps_of(fusion) + failures_of(ensemble) + products_of(fusion) +
                      confusions_of(ensemble) + curves_of(ensemble) + search_line(fusion.ensemble));
}

std::string to_html(const Trend& trend) {
  return in_frame("Trend", answer_of(trend), curve_of(trend) + nights_of(trend));
}

std::string to_html(const Views& views) {
  return in_frame(fmt::format("{}: {}", views.dataset.name, views.model.name), answer_of(views),
                  curve_of(views) + counts_of(views));
}

std::string to_html(const Detection& detection) {
  return in_frame(fmt::format("{}: threshold of {}", detection.dataset, detection.model.name), answer_of(detection),
                  choices_of(detection) + curve_of(detection));
}

std::string to_html(const Adaptation& adaptation) {
  return in_frame(fmt::format("{}: {}", adaptation.dataset, adaptation.model.name), answer_of(adaptation),
                  protocols_of(adaptation) + curve_of(adaptation));
}

std::string to_html(const TunedRecipes& tuned) {
  return in_frame(fmt::format("{}: recipes", tuned.dataset), answer_of(tuned),
                  commands_of(tuned) + front_of(tuned) + recipes_of(tuned));
}

std::string to_html(const Answers& answers, const Thumbnails& thumbnails) {
  return in_frame("Answers of the index", answer_of(answers), answers_of(answers, thumbnails));
}

std::string to_html(const Audit& audit, const Thumbnails& thumbnails) {
  return in_frame(fmt::format("{}: audit", audit.dataset), answer_of(audit),
                  suspects_of(audit, thumbnails) + copies_of(audit, thumbnails) + other_faults_of(audit));
}

std::vector<std::string> photos_on_page(const Answers& answers) {
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < std::min(answers.queries.size(), most_queries); ++i) {
    const auto& query = answers.queries[i];
    if (!query.is_text && query.error.empty()) paths.push_back(query.query);
    for (const auto& answer : query.answers) paths.push_back(answer.path);
    if (query.rejected) paths.push_back(query.rejected->path);
  }
  return paths;
}

}  // namespace matcher::report
