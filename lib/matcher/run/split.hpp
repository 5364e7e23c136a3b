// Splits queries into those that choose weights and those that are reported, with no photo in both.
#pragma once

#include <vector>

#include "matcher/run/run.hpp"

namespace matcher::run {

struct QuerySplit {
  std::vector<std::size_t> tuning, reported;  ///< rows, rising
  std::size_t left_out = 0;                   ///< tuning queries dropped because their photo is reported too
  std::size_t unread = 0;                     ///< photos that could not be read, so that copies were not found
};

/// Two halves by a hash of the id. Queries with the same bytes are in the half of the smallest id among them. The same
/// ids and photos always split alike.
QuerySplit split_in_halves(const std::vector<RankedQuery>& queries);

/// Reports all of `reported`; tunes on those of `tuning` that share neither an id nor bytes with them.
QuerySplit split_apart(const std::vector<RankedQuery>& tuning, const std::vector<RankedQuery>& reported);

}  // namespace matcher::run
