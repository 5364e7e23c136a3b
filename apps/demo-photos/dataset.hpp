// Draws a whole dataset into a folder.
#pragma once

#include "demo-photos/parameters.hpp"
#include "matcher/core/file.hpp"
#include "matcher/core/observer.hpp"

namespace matcher::demo {

struct WriteOptions {
  fs::path output;
  int threads = 1;     ///< of no influence on the photos
  bool force = false;  ///< replace what an earlier run left in `output`
};

enum class Outcome { drawn, up_to_date };

/// The folder is complete or absent: it is drawn under a temporary name beside `output`. Throws Error(input) when
/// `output` holds something else, Error(resource) when the disk fails.
Outcome write_dataset(const Parameters& parameters, const WriteOptions& options, Observer& observer);

}  // namespace matcher::demo
