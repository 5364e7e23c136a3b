// A work folder of one test, and photos to learn from.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/program.hpp"

namespace cli {

/// Runs commands in a fresh work folder.
class WorkFolder {
 public:
  Result operator()(std::vector<std::string> arguments, bool quiet = true) const;

  /// The JSON that a command prints. Fails the test unless it ends with 0.
  nlohmann::json parsed(std::vector<std::string> arguments) const;

  /// The messages of a command that ends with `code` and prints nothing else.
  std::string refused(std::vector<std::string> arguments, int code) const;

  const Folder& folder() const { return folder_; }

 private:
  Folder folder_;
};

/// 16 products, 4 gallery photos and 2 query photos each, 2 unknown products; drawn once. Photos of a product have
/// cosines near 1.
std::string shop_photos();

}  // namespace cli
