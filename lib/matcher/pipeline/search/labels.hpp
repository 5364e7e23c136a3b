// Checks that the labels of queries and gallery are written alike.
#pragma once

#include <span>
#include <string>

#include "matcher/core/observer.hpp"
#include "matcher/store/items.hpp"

namespace matcher::pipeline {

/// Warns of query labels that only look like a label of the gallery: to matcher they are other products. Throws
/// Error(input) if all query labels that have a counterpart in the gallery only look like it.
void check_labels(Observer& observer, std::span<const store::ItemRow> gallery, std::span<const store::ItemRow> queries,
                  const std::string& dataset);

}  // namespace matcher::pipeline
