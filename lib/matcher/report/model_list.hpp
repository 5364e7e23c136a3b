// The models and their states, as `matcher models` publishes them: plain data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace matcher::report {

/// A model that has a description.
struct ListedModel {
  std::string name;
  std::size_t dimension = 0;
  bool ready = false;  ///< its file exists, or it is built in
  bool built_in = false;
  std::uintmax_t size_bytes = 0;
  std::string path{};  ///< its TorchScript file; empty: missing, or built in
  std::string source{}, license{};
  std::string next_command{};  ///< gets the missing file; empty if ready
};

/// matcher.models/1.
struct ModelList {
  std::vector<ListedModel> models;
};

}  // namespace matcher::report
