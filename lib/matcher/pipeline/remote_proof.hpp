// Whether a collection holds what was sent: counted, read back, and asked known queries.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "matcher/database/database.hpp"

namespace matcher::pipeline {

struct RemoteProof {
  std::size_t expected = 0, counted = 0;
  std::size_t read_back = 0, wrong = 0;  ///< vectors that were compared, and those that are missing or differ
  std::size_t asked = 0;                 ///< gallery vectors used as queries
  double agreement = 0;                  ///< share of the exact top 10 that the database answers, mean over the queries
  std::string failure;                   ///< a sentence; empty when everything holds
};

/// Compares with vectors [n, d]; of them up to 200, drawn by a fixed seed, are read back and 100 are asked. An answer
/// as good as the exact tenth to 1e-5 counts as one of the ten.
RemoteProof prove(const std::shared_ptr<database::Database>& database, const std::string& version, MatrixView vectors,
                  std::span<const std::string> ids, double min_agreement);

}  // namespace matcher::pipeline
