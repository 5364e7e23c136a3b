#include "matcher/run/folder/score_order.hpp"

#include <fmt/format.h>

#include <charconv>

namespace matcher::run {

void ScoreOrder::add(std::uint32_t query, std::string_view word, float score) {
  double rank = 0;
  if (std::from_chars(word.data(), word.data() + word.size(), rank).ec != std::errc()) return;
  if (query == query_ && rank != rank_) {
    const bool next = rank > rank_;
    ++(score == score_ ? equal_ : (score < score_) == next ? falling_ : rising_);
  }
  query_ = query;
  rank_ = rank;
  score_ = score;
}

std::string ScoreOrder::warning(const std::string& file) const {
  if (rising_ > falling_) {
    return fmt::format(
        "the scores of {} rise with the rank, but the highest score counts as the best answer, as in "
        "trec_eval; write similarities, not distances",
        file);
  }
  if (equal_ == 0 || falling_ > 0) return "";
  return fmt::format(
      "the scores of {} do not order the answers: equal scores are ordered by item id, as in trec_eval, "
      "and ranks are not used; write falling scores",
      file);
}

}  // namespace matcher::run
