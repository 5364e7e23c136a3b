// Reports images that could not be read, and are missing from a result.
#pragma once

#include <cstddef>
#include <string>

#include "matcher/core/observer.hpp"

namespace matcher::pipeline {

/// Warns if images of the gallery or the queries of a model were left out.
void report_lost_images(std::size_t gallery, std::size_t queries, const std::string& model, Observer& observer);

}  // namespace matcher::pipeline
