// Queries that choose something and queries it is reported on, never the same photo on both sides.
#pragma once

#include <vector>

#include "matcher/run/run.hpp"

namespace matcher::run {

struct Split {
  std::vector<std::size_t> tuning, reported;  ///< rows, rising
  std::size_t left_out = 0;                   ///< tuning queries that were dropped as photos of reported ones
  std::size_t unread = 0;                     ///< photos that could not be read and were told apart by id alone
};

/// Two halves by a hash of the id; queries of the same bytes go where the one with the smallest id goes. The same ids
/// and photos always split alike.
Split split_in_halves(const std::vector<RankedQuery>& queries);

/// All of `reported`, and of `tuning` those that have none of its ids or bytes.
Split split_apart(const std::vector<RankedQuery>& tuning, const std::vector<RankedQuery>& reported);

}  // namespace matcher::run
