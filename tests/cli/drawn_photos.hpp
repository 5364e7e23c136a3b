// Draws photos for tests with matcher-demo-photos.
#pragma once

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "cli/program.hpp"

namespace cli {

/// Draws photos with these flags into a subfolder, and returns its path.
inline std::string draw_photos(const Folder& folder, std::vector<std::string> flags) {
  const auto at = folder.str("photos");
  flags.insert(flags.begin(), {"--output", at});
  const auto drawn = run(std::move(flags), {}, MATCHER_DEMO_PHOTOS);
  INFO(drawn.err);
  REQUIRE(drawn.code == 0);
  return at;
}

}  // namespace cli
