// Schemas of collections in Milvus, and rows as its JSON.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "matcher/database/database.hpp"

namespace matcher::database {

/// Each row has a hash of its id in [0, milvus_buckets). Rows are read by ranges of it: Milvus caps a limit at 16,384.
inline constexpr std::size_t milvus_buckets = 1024;

/// The body that creates a collection of vectors [*, dimension] with the fields of Row and an HNSW index.
nlohmann::json version_body(const std::string& name, std::size_t dimension);

/// The body that creates the collection of records: id, record, and a vector because Milvus demands one.
nlohmann::json ledger_body(const std::string& name);
nlohmann::json ledger_row(const std::string& version, const std::string& record);

/// Appends a row as a JSON object. Throws Error(input) if an id or a field is longer than Milvus takes.
void append_row(std::string& body, const Row& row, std::span<const float> vector);

Row row_from_entity(const nlohmann::json& entry);

/// The filter expression that matches these ids: id in ["a","b"].
std::string filter_ids(std::span<const std::string> ids);

}  // namespace matcher::database
