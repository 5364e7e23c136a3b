// Rows, collections and request bodies as Chroma's JSON.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "matcher/database/database.hpp"

namespace matcher::database {

/// The key of a version's record in the metadata of its collection.
inline constexpr const char* chroma_record_key = "matcher_record";

Row row_from_metadata(const nlohmann::json& id, const nlohmann::json& metadata);
Collection collection_from_entry(const nlohmann::json& entry);

/// The body that adds or replaces rows with their vectors [n, d], as base64 if the server takes it.
std::string upsert_body(std::span<const Row> rows, MatrixView vectors, bool base64);

/// The body that searches the `k` best of each query [n, d], of the rows that meet all conditions.
std::string query_body(MatrixView queries, std::size_t k, const Conditions& conditions);

}  // namespace matcher::database
