// The file formats of an embedding set, private to this layer.
#pragma once

#include <filesystem>
#include <string>

#include "matcher/core/npy.hpp"
#include "matcher/store/embedding_set.hpp"

namespace matcher::store {

inline constexpr const char* embeddings_schema = "matcher.embeddings/1";
/// The header of a float32 [n, d] .npy file, of npy_header_bytes whatever n is.
std::string vectors_header(std::size_t n, std::size_t d);

std::string items_header();
std::string item_line(const ItemRow& item);
std::string failures_header();
std::string failure_line(const FailureRow& failure);
std::vector<FailureRow> read_failures(const std::filesystem::path& file);

std::string manifest_text(const Manifest& manifest);
Manifest read_manifest(const std::filesystem::path& file);

}  // namespace matcher::store
