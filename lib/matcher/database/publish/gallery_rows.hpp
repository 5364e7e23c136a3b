// The rows of a gallery, as they are stored in a database.
#pragma once

#include <span>
#include <vector>

#include "matcher/database/database.hpp"
#include "matcher/database/publish.hpp"

namespace matcher::database {

/// Throws Error(input) if the gallery is empty or has an id twice.
void check_gallery(const Gallery& gallery);

/// Returns a row per item. Reads the vectors block by block.
std::vector<Row> make_rows(const Gallery& gallery);

/// True if a server returned the vector that was sent, up to rounding.
bool is_same_vector(std::span<const float> returned, std::span<const float> sent);

}  // namespace matcher::database
