// Schemas, rows and filters in Milvus's messages.
#pragma once

#include <milvus.pb.h>

#include <cstddef>
#include <span>
#include <string>

#include "matcher/database/database.hpp"

namespace matcher::database {

namespace wire = ::milvus::proto::milvus;

inline constexpr const char* id_field = "id";
inline constexpr const char* vector_field = "vector";

/// The fields of a version with vectors [*, dimension].
wire::Schema version_schema(const std::string& name, std::size_t dimension);
/// The fields of a lock, which has no rows. Milvus refuses to create a collection again with another description.
wire::Schema lock_schema(const std::string& name, const std::string& text);

/// Adds rows with their vectors [n, d]. Throws Error(input) if an id or a field is longer than Milvus takes.
void add_rows(wire::UpsertRequest& request, std::span<const Row> rows, MatrixView vectors);

/// Returns the rows of an answer.
std::vector<Row> rows_of(const wire::QueryAnswer& answer);
/// Returns the vectors of an answer in the order of its rows, [n, d].
MatrixView vectors_of(const wire::QueryAnswer& answer);

/// id in ["a","b"]
std::string filter_ids(std::span<const std::string> ids);
/// category in ["a","b"] and split in ["train"]; "" for no conditions: every row
std::string filter_values(const Conditions& conditions);
/// id > "a"
std::string filter_after(const std::string& id);

/// Queries [n, d] as a serialised Placeholders.
std::string placeholders_of(MatrixView queries);

}  // namespace matcher::database
