#include "matcher/run/folder/trec_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <span>
#include <tuple>
#include <unordered_map>

#include "matcher/core/error.hpp"
#include "matcher/core/look_alike.hpp"
#include "matcher/files/file.hpp"
#include "matcher/run/folder/score_order.hpp"
#include "matcher/run/folder/trec.hpp"

namespace matcher::run {
namespace {

using Number = std::uint32_t;

/// Names as numbers, in the order in which they appear.
class Names {
 public:
  Number number(std::string_view name) {
    if (const auto found = numbers_.find(name); found != numbers_.end()) return found->second;
    const auto [place, added] = numbers_.emplace(name, Number(names_.size()));
    names_.push_back(place->first);  // keys of this map never move
    return place->second;
  }
  std::string_view name(Number number) const { return names_[number]; }
  std::size_t size() const { return names_.size(); }
  std::set<std::string_view> names(std::size_t first, std::size_t last) const {
    return {names_.begin() + std::ptrdiff_t(first), names_.begin() + std::ptrdiff_t(last)};
  }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::unordered_map<std::string, Number, Hash, std::equal_to<>> numbers_;
  std::vector<std::string_view> names_;
};

struct Judgement {
  Number query, item;
  std::int32_t grade;
};

struct Answer {
  Number query, item;
  float score;
};

std::size_t most_answers(Answers read) {
  if (read == Answers::first) return 1;
  return read == Answers::shown ? answers_shown : std::size_t(-1);
}

/// Removes the leading elements of one query.
template <class Of>
std::span<const Of> take_query(std::span<const Of>& sorted, Number query) {
  std::size_t count = 0;
  while (count < sorted.size() && sorted[count].query == query) ++count;
  const auto taken = sorted.first(count);
  sorted = sorted.subspan(count);
  return taken;
}

class Reader {
 public:
  Reader(const fs::path& answers, const fs::path& judgements) : answers_file_(answers), judgements_file_(judgements) {
    read_judgements();
    read_answers();
    check_queries();
  }

  Run run(Answers read) {
    Run run;
    run.cosines = false;
    run.foreign = true;
    run.queries.reserve(queries_.size());
    std::span<const Judgement> judgements = judgements_;
    std::span<const Answer> answers = answers_;
    for (Number query = 0; query < queries_.size(); ++query) {
      const auto its = take_query(answers, query);
      run.report.depth = std::max(run.report.depth, its.size());
      run.queries.push_back(ranked(query, take_query(judgements, query), its, most_answers(read)));
    }
    run.report.model.name = tag_;
    run.report.index.clear();
    describe(run.report.dataset);
    run.warnings = warnings();
    return run;
  }

 private:
  void read_judgements() {
    for_each_judgement(judgements_file_, [&](const JudgementLine& line) {
      const auto grade = std::int32_t(std::clamp<long>(line.grade, INT32_MIN, INT32_MAX));
      judgements_.push_back({queries_.number(line.query), items_.number(line.item), grade});
    });
    judged_queries_ = Number(queries_.size());
    judged_items_ = Number(items_.size());
    std::ranges::sort(judgements_, {}, [](const Judgement& j) { return std::tuple(j.query, j.item, j.grade); });
    const auto twice = std::ranges::adjacent_find(judgements_, [](const Judgement& a, const Judgement& b) {
      return a.query == b.query && a.item == b.item && a.grade != b.grade;
    });
    if (twice != judgements_.end()) fail_judged_twice(queries_.name(twice->query), items_.name(twice->item));
  }

  [[noreturn]] void fail_judged_twice(std::string_view query, std::string_view item) const {
    std::vector<std::pair<std::size_t, long>> lines;  // number, grade
    for_each_judgement(judgements_file_, [&](const JudgementLine& line) {
      const bool is_other = lines.empty() || (lines.size() == 1 && line.grade != lines[0].second);
      if (line.query == query && line.item == item && is_other) lines.emplace_back(line.number, line.grade);
    });
    throw Error(ErrorCode::input,
                fmt::format("{}:{}: item \"{}\" of query \"{}\" is judged again, with grade {}, but {} in line {}; "
                            "remove one of the lines",
                            judgements_file_.string(), lines.at(1).first, item, query, lines[1].second, lines[0].second,
                            lines[0].first));
  }

  void read_answers() {
    for_each_answer(answers_file_, [&](const AnswerLine& line) {
      answers_.push_back({queries_.number(line.query), items_.number(line.item), line.score});
      order_.add(answers_.back().query, line.rank, line.score);
      if (tag_.empty()) tag_ = line.tag;
    });
    std::ranges::sort(answers_, [&](const Answer& a, const Answer& b) {
      if (a.query != b.query) return a.query < b.query;
      return a.score != b.score ? a.score > b.score : items_.name(a.item) > items_.name(b.item);
    });
  }

  void check_queries() const {
    if (judgements_.empty())
      throw Error(ErrorCode::input, fmt::format("{} judges no item; write the right items of each query into it",
                                                judgements_file_.string()));
    if (answers_.empty())
      throw Error(ErrorCode::input, fmt::format("{} has no answers; write the answers to the {} queries of {} into it",
                                                answers_file_.string(), judged_queries_, qrels_name()));
    if (answers_.front().query < judged_queries_) return;
    const auto pairs =
        find_look_alikes(queries_.names(judged_queries_, queries_.size()), queries_.names(0, judged_queries_));
    throw Error(
        ErrorCode::input,
        fmt::format("none of the {} queries of {} is in {}: \"{}\" is, not \"{}\"{}; write the ids alike in both files",
                    judged_queries_, qrels_name(), answers_file_.string(), queries_.name(judged_queries_),
                    queries_.name(0), difference(pairs)));
  }

  static std::string difference(const std::vector<LookAlike>& pairs) {
    return pairs.empty() ? "" : " (" + describe_differences(pairs, "answers", "judgements") + ")";
  }

  void check_once(std::span<const Answer> answers) {
    items_met_.clear();
    for (const auto& answer : answers) items_met_.push_back(answer.item);
    std::ranges::sort(items_met_);
    const auto twice = std::ranges::adjacent_find(items_met_);
    if (twice == items_met_.end()) return;
    throw Error(ErrorCode::input,
                fmt::format("{} answers query \"{}\" with item \"{}\" twice; remove one of the lines",
                            answers_file_.string(), queries_.name(answers[0].query), items_.name(*twice)));
  }

  RankedQuery ranked(Number number, std::span<const Judgement> judgements, std::span<const Answer> answers,
                     std::size_t most) {
    check_once(answers);
    right_.clear();  // rising, each once
    for (const auto& j : judgements) {
      if (j.grade > 0 && (right_.empty() || right_.back() != j.item)) right_.push_back(j.item);
    }
    RankedQuery query;
    query.id = queries_.name(number);
    query.relevant = right_.size();
    for (std::size_t i = 0; i < answers.size(); ++i) {
      if (std::ranges::binary_search(right_, answers[i].item)) query.right.push_back(i + 1);
    }
    query.right.shrink_to_fit();
    query.answers.reserve(std::min(most, answers.size()));
    for (const auto& answer : answers.first(std::min(most, answers.size())))
      query.answers.push_back({std::string(items_.name(answer.item)), {}, answer.score});
    return query;
  }

  void describe(report::Data& data) const {
    std::error_code gone;
    const auto folder = fs::canonical(answers_file_.parent_path(), gone);
    data.name = (gone ? answers_file_.parent_path() : folder).filename().string();
    data.protocol = "answers of run.trec judged by qrels.trec";
    data.gallery = items_.size();
    data.queries = queries_.size();
    data.queries_are = report::QueryKind::any;
  }

  std::vector<std::string> warnings() const {
    std::vector<std::string> all;
    if (auto text = order_.warning(answers_file_.string()); !text.empty()) all.push_back(std::move(text));
    const bool judged = std::ranges::any_of(answers_, [&](const Answer& a) { return a.item < judged_items_; });
    if (judged) return all;
    const auto pairs = find_look_alikes(items_.names(judged_items_, items_.size()), items_.names(0, judged_items_));
    all.push_back(fmt::format(
        "no answer of {} is an item that {} judges, so all are wrong: \"{}\" is answered, \"{}\" "
        "is judged{}",
        answers_file_.string(), qrels_name(), items_.name(judged_items_), items_.name(0), difference(pairs)));
    return all;
  }

  std::string qrels_name() const { return judgements_file_.filename().string(); }

  fs::path answers_file_, judgements_file_;
  Names queries_, items_;
  Number judged_queries_ = 0, judged_items_ = 0;  ///< names of qrels.trec: the first of all
  std::vector<Judgement> judgements_;             ///< by query, item and grade
  std::vector<Answer> answers_;                   ///< by query, best first
  ScoreOrder order_;
  std::string tag_;
  std::vector<Number> items_met_, right_;
};

}  // namespace

Run read_trec_run(const fs::path& answers, const fs::path& judgements, Answers read) {
  return Reader(answers, judgements).run(read);
}

}  // namespace matcher::run
