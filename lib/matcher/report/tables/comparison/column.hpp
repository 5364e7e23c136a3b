// A column of a text table of compared models: its name, and its cell for a row.
#pragma once

#include <functional>
#include <string>

#include "matcher/report/comparison.hpp"

namespace matcher::report {

struct Column {
  std::string name;
  std::function<std::string(const Row&)> cell;
};

}  // namespace matcher::report
