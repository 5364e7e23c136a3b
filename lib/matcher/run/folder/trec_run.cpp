#include "matcher/run/folder/trec_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
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

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::unordered_map<std::string, Number, Hash, std::equal_to<>> numbers_;
  std::vector<std::string_view> names_;
};

struct Answer {
  float score;
  Number item;
};

struct Judged {
  std::vector<Number> right;  ///< sorted by read_judgements()
  std::vector<Answer> answers;
};

std::size_t most_answers(Answers read) {
  if (read == Answers::first) return 1;
  return read == Answers::shown ? answers_shown : std::size_t(-1);
}

class Reader {
 public:
  Reader(const fs::path& answers, const fs::path& judgements) : file_(answers) {
    read_judgements(judgements);
    for_each_answer(answers, [&](const AnswerLine& line) { add(line); });
  }

  Run run(Answers read) {
    Run run;
    run.cosines = false;
    for (Number query = 0; query < judged_.size(); ++query) {
      order(query);
      run.report.depth = std::max(run.report.depth, judged_[query].answers.size());
      run.queries.push_back(ranked(query, most_answers(read)));
      judged_[query].answers = {};
    }
    run.report.model.name = tag_;
    run.report.index.clear();
    describe(run.report.dataset);
    return run;
  }

 private:
  Judged& judged(std::string_view query) {
    const auto number = queries_.number(query);
    if (number == judged_.size()) judged_.emplace_back();
    return judged_[number];
  }

  void read_judgements(const fs::path& file) {
    for_each_judgement(file, [&](const JudgementLine& line) {
      auto& query = judged(line.query);
      const auto item = items_.number(line.item);
      if (line.grade > 0) query.right.push_back(item);
    });
    for (auto& query : judged_) {
      std::ranges::sort(query.right);
      query.right.erase(std::unique(query.right.begin(), query.right.end()), query.right.end());
    }
  }

  void add(const AnswerLine& line) {
    judged(line.query).answers.push_back({line.score, items_.number(line.item)});
    if (tag_.empty()) tag_ = line.tag;
  }

  void order(Number query) {
    auto& answers = judged_[query].answers;
    std::ranges::sort(answers, [&](const Answer& a, const Answer& b) {
      return a.score != b.score ? a.score > b.score : items_.name(a.item) > items_.name(b.item);
    });
    check_once(query);
  }

  void check_once(Number query) {
    items_met_.clear();
    for (const auto& answer : judged_[query].answers) items_met_.push_back(answer.item);
    std::ranges::sort(items_met_);
    const auto twice = std::ranges::adjacent_find(items_met_);
    if (twice == items_met_.end()) return;
    throw Error(ErrorCode::input, fmt::format("{} answers query \"{}\" with item \"{}\" twice; remove one of the lines",
                                              file_.string(), queries_.name(query), items_.name(*twice)));
  }

  RankedQuery ranked(Number number, std::size_t most) const {
    const auto& [right, answers] = judged_[number];
    RankedQuery query;
    query.id = queries_.name(number);
    query.relevant = right.size();
    for (std::size_t i = 0; i < answers.size(); ++i) {
      if (std::ranges::binary_search(right, answers[i].item)) query.right.push_back(i + 1);
    }
    query.answers.reserve(std::min(most, answers.size()));
    for (std::size_t i = 0; i < std::min(most, answers.size()); ++i)
      query.answers.push_back({std::string(items_.name(answers[i].item)), {}, answers[i].score});
    return query;
  }

  void describe(report::Data& data) const {
    data.name = fs::canonical(file_.parent_path()).filename().string();
    data.protocol = "answers of run.trec judged by qrels.trec";
    data.gallery = items_.size();
    data.queries = judged_.size();
  }

  fs::path file_;
  Names queries_, items_;
  std::vector<Judged> judged_;
  std::string tag_;
  std::vector<Number> items_met_;
};

}  // namespace

Run read_trec_run(const fs::path& answers, const fs::path& judgements, Answers read) {
  return Reader(answers, judgements).run(read);
}

}  // namespace matcher::run
