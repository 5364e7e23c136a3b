// A search in Milvus's messages: its request, and the items that its answer found.
#pragma once

#include <milvus.pb.h>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "matcher/database/database.hpp"

namespace matcher::database {

namespace wire = ::milvus::proto::milvus;

/// Fills in a search for the best `k` of each query [n, d], of the rows that meet all conditions. `parameters` are
/// those of the index, as search_parameters() gives them.
void add_search(wire::SearchRequest& request, MatrixView queries, std::size_t k, const Conditions& conditions,
                const std::string& parameters);

/// Appends the items of an answer to the list of each query, best first. Throws Error(resource) with the server's name
/// if the answer has a list for other than all queries.
void append_found(const wire::SearchAnswer& answer, const std::string& server, std::span<std::vector<Found>> all);

}  // namespace matcher::database
