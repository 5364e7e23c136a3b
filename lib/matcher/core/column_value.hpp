// A value in a column of a catalogue to which matcher gives no meaning, such as a brand.
#pragma once

#include <string>
#include <vector>

#include "matcher/core/shared_text.hpp"

namespace matcher {

struct ColumnValue {
  SharedText column;
  std::string value;
  bool operator==(const ColumnValue&) const = default;
};

/// Each column once; never an empty value.
using ColumnValues = std::vector<ColumnValue>;

}  // namespace matcher
