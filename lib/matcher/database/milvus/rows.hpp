// What collections in Milvus look like, and their rows as JSON. Internal to the layer.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "matcher/database/database.hpp"

namespace matcher::database::milvus {

/// Rows are read by ranges of a hash of their id in [0, buckets), as a limit would cap them at 16,384.
inline constexpr std::size_t buckets = 1024;

/// The body that makes a collection of vectors [*, dimension] and the fields of Row, ranked by an HNSW graph.
nlohmann::json version_body(const std::string& name, std::size_t dimension);

/// The body that makes the collection of records: id, record and a vector that says nothing.
nlohmann::json ledger_body(const std::string& name);
nlohmann::json ledger_row(const std::string& version, const std::string& record);

/// Appends a row as a JSON object. Throws Error(input) for an id or field that is longer than Milvus takes.
void append_row(std::string& body, const Row& row, std::span<const float> vector);

Row row_of(const nlohmann::json& entry);

/// The filter of these ids.
std::string in_list(std::span<const std::string> ids);

}  // namespace matcher::database::milvus
