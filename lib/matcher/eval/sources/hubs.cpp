#include "matcher/eval/hubs.hpp"

#include <algorithm>
#include <cmath>

namespace matcher::eval {
namespace {

constexpr double deviations = 5;

std::vector<Hub> count_answers(const Neighbours& neighbours, Labels labels) {
  std::vector<Hub> counts(neighbours.size());
  for (std::uint32_t row = 0; row < neighbours.size(); ++row) {
    counts[row].row = row;
    for (std::size_t i = 0; i < std::min(hub_neighbours, neighbours[row].size()); ++i) {
      auto& hub = counts[neighbours[row][i].row];
      ++hub.answers;
      if (labels[neighbours[row][i].row] != labels[row]) ++hub.wrong;
    }
  }
  return counts;
}

double limit_of(const std::vector<Hub>& counts) {
  double sum = 0, squares = 0;
  for (const auto& hub : counts) {
    sum += double(hub.wrong);
    squares += double(hub.wrong) * double(hub.wrong);
  }
  const double n = std::max(1.0, double(counts.size())), mean = sum / n;
  return std::max(2.0 * hub_neighbours, mean + deviations * std::sqrt(std::max(0.0, squares / n - mean * mean)));
}

}  // namespace

std::vector<Hub> find_hubs(const Neighbours& neighbours, Labels labels) {
  auto hubs = count_answers(neighbours, labels);
  const double limit = limit_of(hubs);
  std::erase_if(hubs, [&](const Hub& hub) { return double(hub.wrong) <= limit; });
  std::ranges::stable_sort(hubs, std::greater<>(), &Hub::wrong);
  return hubs;
}

}  // namespace matcher::eval
