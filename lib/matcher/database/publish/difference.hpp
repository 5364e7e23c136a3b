// The rows by which a version differs from the wanted ones.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "matcher/database/database.hpp"

namespace matcher::database {

struct Difference {
  std::vector<std::size_t> send;    ///< indices of wanted rows that are new or changed, rising
  std::vector<std::string> remove;  ///< ids of rows that are not wanted, sorted
  std::size_t replaced = 0;         ///< rows to send whose id the version has already
};

/// Compares wanted rows with those that a version has, by id.
Difference find_difference(const std::vector<Row>& want, std::unordered_map<std::string, Row> have);

}  // namespace matcher::database
