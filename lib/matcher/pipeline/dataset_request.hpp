// The dataset that a user names, with how its columns are read and which queries are held out.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "matcher/dataset/hold_out.hpp"

namespace matcher::pipeline {

struct DatasetRequest {
  DatasetRequest(std::string name_or_path = {}) : name(std::move(name_or_path)) {}
  DatasetRequest(const char* name_or_path) : name(name_or_path) {}

  std::string name;                            ///< or a path; empty: none
  std::map<std::string, std::string> columns;  ///< columns of a CSV: path, label, … -> name, or number from 1
  dataset::HoldOut hold_out;
  std::optional<double> crop_margin{};  ///< instead of that of the dataset
  bool fold_labels = false;             ///< joins labels that look alike
};

}  // namespace matcher::pipeline
