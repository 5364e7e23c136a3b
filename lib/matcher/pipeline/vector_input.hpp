// The vectors that a user names: those of a model and a dataset, or embedding sets.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "matcher/core/role.hpp"
#include "matcher/pipeline/dataset_request.hpp"

namespace matcher::pipeline {

struct VectorInput {
  std::string model;  ///< a name or path; used, as is `dataset`, if there are no embedding sets
  DatasetRequest dataset{};
  std::vector<std::filesystem::path> embeddings{};  ///< folders of embedding sets, joined
  Split split = Split::gallery;
};

}  // namespace matcher::pipeline
