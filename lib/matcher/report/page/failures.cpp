#include <fmt/format.h>

#include <set>

#include "matcher/report/escape.hpp"
#include "matcher/report/page/markup.hpp"
#include "matcher/report/page/page.hpp"
#include "matcher/report/page/photos.hpp"

namespace matcher::report {
namespace {

const char* name_of(Outcome outcome) {
  if (outcome == Outcome::same) return "";
  return outcome == Outcome::broken ? "newly broken" : "newly fixed";
}

class Cards {
 public:
  explicit Cards(const Page& page) : page_(page) {
    for (const auto& row : page.comparison.rows)
      names_.insert(row.report.label_names.begin(), row.report.label_names.end());
  }

  std::string card(const Failure& f) const {
    const auto attributes = fmt::format(" data-model=\"{}\" data-label=\"{}\" data-change=\"{}\"", escape_xml(f.model),
                                        escape_xml(f.query.label), change(f));
    const auto photos = photo("test photo", &f.query) + photo("answer", f.answer ? &*f.answer : nullptr) +
                        photo("correct", f.right ? &*f.right : nullptr);
    return report::card(attributes, tag(f) + escape_xml(title(f)), photos, fmt::format("{}: {}", f.model, f.query.id));
  }

  std::string name_of_label(const std::string& label) const {
    const auto found = names_.find(label);
    return found == names_.end() ? label : found->second;
  }

 private:
  static const char* change(const Failure& f) {
    return f.outcome == Outcome::same ? "" : f.outcome == Outcome::broken ? "broken" : "fixed";
  }

  static std::string tag(const Failure& f) {
    if (f.outcome == Outcome::same) return {};
    return fmt::format("<span class=\"tag {}\">{}</span> ", f.outcome == Outcome::broken ? "down" : "up",
                       name_of(f.outcome));
  }

  std::string title(const Failure& f) const {
    const auto label = name_of_label(f.query.label);
    if (!f.answer) return fmt::format("{}: no answer", label);
    const auto answered = name_of_label(f.answer->label);
    return answered == label ? label : fmt::format("{} taken for {}", label, answered);
  }

  std::string photo(const char* title, const Photo* p) const {
    if (p == nullptr) return draw({.title = title, .instead = "none"}, page_.thumbnails);
    return draw({title, name_of_label(p->label), p->note, p->path, p->text}, page_.thumbnails);
  }

  const Page& page_;
  std::map<std::string, std::string> names_;
};

std::string filter(const char* id, const char* every, const std::set<std::pair<std::string, std::string>>& options) {
  std::string out = fmt::format("<select id=\"{}\" aria-label=\"{}\"><option value=\"\">{}</option>", id, every, every);
  for (const auto& [text, value] : options)
    out += fmt::format("<option value=\"{}\">{}</option>", escape_xml(value), escape_xml(text));
  return out + "</select>";
}

std::string filters(const Page& page, const Cards& cards) {
  std::set<std::pair<std::string, std::string>> models, labels, changes;
  for (const auto& f : page.failures) {
    models.emplace(f.model, f.model);
    labels.emplace(cards.name_of_label(f.query.label), f.query.label);
    if (f.outcome != Outcome::same)
      changes.emplace(name_of(f.outcome), f.outcome == Outcome::broken ? "broken" : "fixed");
  }
  std::string out = "<div class=\"controls\" hidden>" + filter("by-model", "all models", models) +
                    filter("by-label", "all products", labels);
  if (!changes.empty()) out += filter("by-change", "all changes", changes);
  return out + "<output id=\"count\"></output></div>\n";
}

std::string about(const Page& page) {
  auto text = fmt::format("{} photos.", page.failures.size());
  if (page.failures_left_out > 0)
    text += fmt::format(" {} more are in queries.jsonl of the runs.", page.failures_left_out);
  return paragraph(text);
}

}  // namespace

std::string failures_of(const Page& page) {
  if (page.failures.empty()) return {};
  const Cards cards(page);
  std::string list = "<div class=\"cards\" id=\"failures\">\n";
  bool changed = false;
  for (const auto& failure : page.failures) {
    list += cards.card(failure);
    changed = changed || failure.outcome != Outcome::same;
  }
  return section("photos", changed ? "What changed, and what is wrong" : "What is wrong",
                 about(page) + filters(page, cards) + list + "</div>\n");
}

}  // namespace matcher::report
