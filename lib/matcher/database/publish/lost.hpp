// Finds records that are stored in a collection, but that its index does not find.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "matcher/database/database.hpp"

namespace matcher::database {

/// Records asked for at most: 3,000 drawn at random find a loss of 0.1 % in 95 of 100 cases.
inline constexpr std::size_t most_asked = 3000;

/// Returns all numbers below `count` if they are 3,000 or fewer, otherwise 3,000 drawn at random, rising.
std::vector<std::size_t> draw_records(std::size_t count);

/// Searches each record by its own vector [n, d], and returns the ids of those that are not among the 10 best. Where
/// equal vectors fill the answer, asks for more.
std::vector<std::string> find_lost(Database& database, const std::string& version, std::span<const std::string> ids,
                                   MatrixView vectors);

/// "2 of 3000 records are stored, but their own vectors do not find them: "a" and "b""; names up to three.
std::string describe_lost(std::size_t asked, std::span<const std::string> lost);

}  // namespace matcher::database
