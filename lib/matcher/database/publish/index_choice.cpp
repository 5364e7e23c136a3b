#include "matcher/database/publish/index_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

#include "matcher/core/error.hpp"
#include "matcher/index/plan.hpp"

namespace matcher::database {
namespace {

constexpr IndexType types[] = {IndexType::flat, IndexType::hnsw, IndexType::ivf_flat};

std::string named_types(const Database& database) {
  std::string names = "auto";
  for (const auto type : types) {
    if (database.has_index(type)) names += fmt::format(", {}", to_string(type));
  }
  return names;
}

[[noreturn]] void refuse(const Database& database, const std::string& type) {
  throw Error(ErrorCode::usage, fmt::format("{} has no index of type \"{}\"; use --type {}", database.type(), type,
                                            named_types(database)));
}

/// "Flat", "HNSW32,Flat", "IVF512,Flat"; compressed ones get the nearest that a server has.
IndexChoice parse(const std::string& factory) {
  if (factory == "Flat") return {IndexType::flat, 0};
  if (factory.starts_with("HNSW")) return {IndexType::hnsw, 0};
  std::size_t lists = 0;
  std::from_chars(factory.data() + 3, factory.data() + factory.size(), lists);
  return {IndexType::ivf_flat, lists};
}

}  // namespace

void check_index_type(const Database& database, const std::string& type) {
  const auto* named = std::ranges::find_if(types, [&](IndexType one) { return type == to_string(one); });
  if (type != "auto" && (named == std::end(types) || !database.has_index(*named))) refuse(database, type);
}

IndexChoice choose_index(const Database& database, const PublishTarget& target, std::size_t count,
                         std::size_t dimension) {
  check_index_type(database, target.type);
  constexpr auto unlimited = std::numeric_limits<std::uintmax_t>::max() / 4;
  const auto budget = target.memory_budget.value_or(unlimited);
  const auto planned = parse(index::plan({target.type, count, dimension, budget}).type);
  return database.has_index(planned.type) ? planned : IndexChoice{IndexType::hnsw, 0};
}

}  // namespace matcher::database
