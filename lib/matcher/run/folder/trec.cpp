#include "matcher/run/folder/trec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <unordered_map>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"

namespace matcher::run {
namespace {

using Number = std::uint32_t;

/// Names as numbers, in the order they are first met.
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
  std::vector<Number> right;  ///< sorted in the end
  std::vector<Answer> answers;
};

/// Where a line stands and what it should be, for messages.
struct Line {
  const fs::path& file;
  const char* form;
  std::size_t number = 0;

  [[noreturn]] void refuse(const std::string& why) const {
    throw Error(ErrorCode::input, fmt::format("{}:{}: {}; a line is: {}", file.string(), number, why, form));
  }
};

std::string_view next_word(std::string_view& rest) {
  constexpr std::string_view blanks = " \t\r";
  rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
  const auto word = rest.substr(0, rest.find_first_of(blanks));
  rest.remove_prefix(word.size());
  return word;
}

template <std::size_t columns>
std::array<std::string_view, columns> split(std::string_view text, const Line& line) {
  std::array<std::string_view, columns> words;
  for (auto& word : words) word = next_word(text);
  if (words.back().empty() || !next_word(text).empty()) line.refuse(fmt::format("not {} words", columns));
  return words;
}

template <class T>
T parse(std::string_view word, const char* what, const Line& line) {
  T value{};
  const auto [stop, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || stop != word.data() + word.size() || value != value) {
    line.refuse(fmt::format("\"{}\" is no {}", word, what));
  }
  return value;
}

/// Calls `use` with the words of every line that is not blank.
template <std::size_t columns, class Use>
void for_each_line(const fs::path& file, const char* form, Use use) {
  auto in = open_for_reading(file);
  Line line{file, form};
  for (std::string text; std::getline(in, text);) {
    ++line.number;
    if (text.find_first_not_of(" \t\r") != std::string::npos) use(split<columns>(text, line), line);
  }
}

class Reader {
 public:
  explicit Reader(const fs::path& folder) : folder_(folder) {
    read_qrels();
    read_run();
  }

  StoredAnswers answers() {
    StoredAnswers stored;
    for (Number query = 0; query < judged_.size(); ++query) {
      order(query);
      stored.report.depth = std::max(stored.report.depth, judged_[query].answers.size());
      stored.outcomes.rankings.push_back(ranking(judged_[query]));
    }
    stored.outcomes.tags.resize(judged_.size());
    stored.report.model.name = tag_;
    stored.report.index.clear();
    describe(stored.report.dataset);
    return stored;
  }

 private:
  Judged& judged(std::string_view query) {
    const auto number = queries_.number(query);
    if (number == judged_.size()) judged_.emplace_back();
    return judged_[number];
  }

  void read_qrels() {
    for_each_line<4>(folder_ / "qrels.trec", "query 0 item grade", [&](const auto& words, const Line& line) {
      auto& query = judged(words[0]);
      const auto item = items_.number(words[2]);
      if (parse<long>(words[3], "whole number", line) > 0) query.right.push_back(item);
    });
    for (auto& query : judged_) {
      std::ranges::sort(query.right);
      query.right.erase(std::unique(query.right.begin(), query.right.end()), query.right.end());
    }
  }

  void read_run() {
    for_each_line<6>(folder_ / "run.trec", "query Q0 item rank score tag", [&](const auto& words, const Line& line) {
      const auto score = float(parse<double>(words[4], "number", line));
      judged(words[0]).answers.push_back({score, items_.number(words[2])});
      if (tag_.empty()) tag_ = words[5];
    });
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
    throw Error(ErrorCode::input,
                fmt::format("{} answers query \"{}\" with item \"{}\" twice; leave one of the lines",
                            (folder_ / "run.trec").string(), queries_.name(query), items_.name(*twice)));
  }

  static eval::Ranking ranking(const Judged& query) {
    eval::Ranking ranking{{}, query.right.size()};
    ranking.relevant.reserve(query.answers.size());
    for (const auto& answer : query.answers) {
      ranking.relevant.push_back(std::ranges::binary_search(query.right, answer.item));
    }
    return ranking;
  }

  void describe(report::Data& data) const {
    data.name = fs::canonical(folder_).filename().string();
    data.protocol = "answers of run.trec judged by qrels.trec";
    data.gallery = items_.size();
    data.queries = judged_.size();
  }

  fs::path folder_;
  Names queries_, items_;
  std::vector<Judged> judged_;
  std::string tag_;
  std::vector<Number> items_met_;
};

}  // namespace

StoredAnswers read_trec(const fs::path& folder) { return Reader(folder).answers(); }

}  // namespace matcher::run
