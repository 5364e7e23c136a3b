// Sends rows and vectors to a version in requests that fit the server.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>

#include "matcher/database/database.hpp"
#include "matcher/index/vector_source.hpp"

namespace matcher::database {

/// Sends the `chosen` of all rows with their vectors [n, d], several requests at a time, each within the server's
/// limits. Halves a request that is too large for something on the way. Calls `check` before each request, which may
/// throw; several threads call it at once. `progress` gets the number of rows sent, one call at a time.
void send(Database& database, const std::string& version, std::span<const Row> rows, const index::VectorSource& vectors,
          std::span<const std::size_t> chosen, std::size_t in_flight, const std::function<void()>& check,
          const std::function<void(std::size_t)>& progress);

}  // namespace matcher::database
