// FAISS factory strings: named types as strings, sized to the vectors, and what a string says.
#pragma once

#include <cstddef>
#include <string>

namespace matcher::index {

/// "auto, flat, hnsw, …", in the order of the table in factory_string.cpp.
std::string type_names();

/// Returns the factory string for `type`, sized to n vectors of dimension d: about 4 * sqrt(n) lists, and
/// sub-quantisers that divide d (docs/reference/index-types.md). Throws Error(usage) with the allowed types if FAISS
/// refuses `type`, and with both numbers if there are too few vectors to train it.
std::string factory_string(const std::string& type, std::size_t n, std::size_t d);

/// The number after `name` in a factory string, 0 without it: "IVF128,PQ32", "PQ" -> 32.
double number_after(const std::string& description, const char* name);

/// Vectors to train on: 64 per list and at least 100,000, but no more than there are.
std::size_t training_size(const std::string& description, std::size_t vectors);

}  // namespace matcher::index
