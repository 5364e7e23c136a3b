// Brings the columns of a catalogue into a run, so that a gate can slice its queries by any of them.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "matcher/dataset/dataset.hpp"
#include "matcher/run/run.hpp"
#include "matcher/store/items.hpp"

namespace matcher::pipeline {

/// Throws Error(usage) with the known columns if no query has a value in a wanted one.
void check_columns(const dataset::Dataset& data, std::span<const std::string> wanted);

/// Gives every query of the run its split, view and group from `items`, in their order, and the other columns of its
/// item in `catalogue`, by id. Embedding sets have no catalogue, so only the former.
void add_columns(std::span<const store::ItemRow> items, std::span<const dataset::Item> catalogue, run::Run& run);

}  // namespace matcher::pipeline
