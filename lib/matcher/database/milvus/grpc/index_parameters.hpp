// Parameters of Milvus's indexes: to create one, to describe it, and to search it.
#pragma once

#include <milvus.pb.h>

#include <cstddef>
#include <string>

#include "matcher/database/database.hpp"

namespace matcher::database {

namespace wire = ::milvus::proto::milvus;

/// The choice as a property of the collection: "hnsw", "ivf-flat 512". parse_index() reads it; other texts are hnsw.
std::string index_text(const IndexChoice& index);
IndexChoice parse_index(const std::string& text);

/// Adds metric, type and parameters of the index to the request that creates it.
void add_index_parameters(wire::CreateIndexRequest& request, const IndexChoice& index);

/// "HNSW M=16 efConstruction=200", as the server gives them.
std::string describe_index(const wire::Index& index);
/// "cosine"; the same for a collection without an index, which was interrupted while it was created.
std::string metric_of(const wire::Index* index);

/// Parameters of a search for the best k, as JSON. `effort` is ef or nprobe; 0: the default. ef is k at least.
std::string search_parameters(const IndexChoice& index, std::size_t effort, std::size_t k);

}  // namespace matcher::database
