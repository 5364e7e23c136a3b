#include "matcher/run/folder/answered_run.hpp"

#include <fmt/format.h>

#include <charconv>
#include <stdexcept>
#include <unordered_map>

#include "matcher/core/file.hpp"
#include "matcher/run/folder/queries_jsonl.hpp"

namespace matcher::run {
namespace {

/// The words of a line of `count` words.
std::vector<std::string_view> words_of(std::string_view line, std::size_t count) {
  std::vector<std::string_view> words;
  for (std::size_t start = 0; start <= line.size();) {
    const auto end = std::min(line.find(' ', start), line.size());
    words.push_back(line.substr(start, end - start));
    start = end + 1;
  }
  if (words.size() == count) return words;
  throw std::runtime_error(fmt::format("it has {} words, not {}", words.size(), count));
}

/// "%20" back to " ".
std::string plain_id(std::string_view word) {
  std::string id;
  for (std::size_t i = 0; i < word.size(); ++i) {
    unsigned code = 0;
    const bool escaped = word[i] == '%' && i + 2 < word.size() &&
                         std::from_chars(&word[i + 1], &word[i + 1] + 2, code, 16).ptr == &word[i + 1] + 2;
    id += escaped ? char(code) : word[i];
    if (escaped) i += 2;
  }
  return id;
}

float number_of(std::string_view word) {
  float value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error == std::errc() && end == word.data() + word.size()) return value;
  throw std::runtime_error(fmt::format("\"{}\" is no number", word));
}

class Reader {
 public:
  explicit Reader(const fs::path& folder) : folder_(folder), run_{read_run(folder).report, {}, {}} {}

  Run read() {
    for_each_query(folder_, [&](RunLine& line) { add_query(line.query); });
    for_each_line(folder_ / "qrels.trec", [&](const std::string& line) { add_relevant(words_of(line, 4)); });
    for_each_line(folder_ / "run.trec", [&](const std::string& line) { add_answer(words_of(line, 6)); });
    return std::move(run_);
  }

 private:
  void add_query(RankedQuery& read) {
    run_.queries.push_back(std::move(read));
    auto& query = run_.queries.back();
    number_[query.id] = run_.queries.size() - 1;
    for (const auto& answer : query.answers) label_[answer.id] = answer.label;
    if (query.known) query.answers.clear();  // run.trec has all of them
  }

  RankedQuery& query(std::string_view word) {
    const auto found = number_.find(plain_id(word));
    if (found != number_.end()) return run_.queries[found->second];
    throw std::runtime_error(fmt::format("queries.jsonl has no query \"{}\"", word));
  }

  void add_relevant(const std::vector<std::string_view>& words) {
    auto& its = query(words[0]);
    its.relevant_ids.push_back(plain_id(words[2]));
    label_[its.relevant_ids.back()] = its.label;
  }

  void add_answer(const std::vector<std::string_view>& words) {
    auto id = plain_id(words[2]);
    const auto label = label_.find(id);
    query(words[0]).answers.push_back({std::move(id), label == label_.end() ? "" : label->second, number_of(words[4])});
  }

  fs::path folder_;
  Run run_;
  std::unordered_map<std::string, std::size_t> number_;
  std::unordered_map<std::string, std::string> label_;
};

}  // namespace

Run read_answered_run(const fs::path& folder) { return Reader(folder).read(); }

}  // namespace matcher::run
