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
  std::string next_command{};         ///< gets the missing file; empty if ready
  std::uintmax_t parameters = 0;      ///< weights in the file; 0: missing or built in
  std::size_t height = 0, width = 0;  ///< pixels of the input; 0: any size
  bool takes_texts = false;           ///< false if the file is missing
  std::string family{};               ///< "siglip"; empty: unknown
};

/// matcher.models/1.
struct ModelList {
  std::vector<ListedModel> models;
};

}  // namespace matcher::report
