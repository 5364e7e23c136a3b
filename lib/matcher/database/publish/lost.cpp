#include "matcher/database/publish/lost.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "matcher/index/vector_source.hpp"

namespace matcher::database {
namespace {

constexpr std::size_t usual = 10, many = 1000;
constexpr float tolerance = 1e-5F;  // float sums of unit vectors are off by about 1e-6

bool contains(const std::vector<Found>& answers, const std::string& id) {
  return std::ranges::find(answers, id, &Found::id) != answers.end();
}

/// True if all answers are equal to the query, so that the record may be among those left out.
bool is_full_of_equals(const std::vector<Found>& answers, std::size_t k) {
  return answers.size() == k && answers.back().score >= 1 - tolerance;
}

}  // namespace

std::vector<std::size_t> draw_records(std::size_t count) {
  std::random_device random;
  auto rows = index::draw_rows(count, std::min(count, most_asked), random());
  std::ranges::sort(rows);
  return rows;
}

std::vector<std::string> find_lost(Database& database, const std::string& version, std::span<const std::string> ids,
                                   MatrixView vectors) {
  const auto more = std::min(many, database.limits().neighbours);
  std::vector<std::string> lost;
  const auto answers = database.search(version, vectors, usual, {});
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (contains(answers[i], ids[i])) continue;
    if (is_full_of_equals(answers[i], usual)) {
      const auto wide = database.search(version, vectors.slice(i, 1), more, {}).at(0);
      if (contains(wide, ids[i]) || is_full_of_equals(wide, more)) continue;
    }
    lost.push_back(ids[i]);
  }
  return lost;
}

std::string describe_lost(std::size_t asked, std::span<const std::string> lost) {
  constexpr std::size_t most = 3;
  std::string names;
  for (const auto& id : lost.first(std::min(most, lost.size())))
    names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", id);
  if (lost.size() > most) names += fmt::format(" and {} more", lost.size() - most);
  return fmt::format("{} of {} records are stored, but a search with their own vectors does not find them: {}",
                     lost.size(), asked, names);
}

}  // namespace matcher::database
