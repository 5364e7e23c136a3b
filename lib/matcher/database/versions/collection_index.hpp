// A version of a collection as a vector index.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "matcher/database/database.hpp"
#include "matcher/index/vector_index.hpp"

namespace matcher::database {

/// Returns an index of type `type` over the rows whose ids are `ids`. Its search throws Error(mismatch) for an answer
/// that is not one of them.
std::unique_ptr<index::VectorIndex> open_as_index(std::shared_ptr<Database> database, const std::string& version,
                                                  std::size_t dimension, std::span<const std::string> ids,
                                                  const IndexChoice& type = {});

}  // namespace matcher::database
