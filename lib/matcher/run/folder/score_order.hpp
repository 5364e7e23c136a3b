// Notices scores of run.trec that contradict the ranks beside them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace matcher::run {

/// Compares neighbouring lines of a query by their scores. If the scores are distances, they rise with the rank.
class ScoreOrder {
 public:
  void add(std::uint32_t query, std::string_view rank, float score);

  /// "" if the scores mostly fall with the rank.
  std::string warning(const std::string& file) const;

 private:
  std::uint32_t query_ = UINT32_MAX;
  double rank_ = 0;
  float score_ = 0;
  std::size_t falling_ = 0, rising_ = 0, equal_ = 0;
};

}  // namespace matcher::run
