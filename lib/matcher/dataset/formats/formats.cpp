#include "matcher/dataset/formats/formats.hpp"

#include <fmt/format.h>

#include "matcher/core/error.hpp"
#include "matcher/dataset/formats/splits.hpp"

namespace matcher::dataset {

const std::vector<const Format*>& formats() {
#define MATCHER_ADDRESS_FORMAT(name) &name##_format,
  static const std::vector<const Format*> all{MATCHER_DATASET_FORMATS(MATCHER_ADDRESS_FORMAT)};
#undef MATCHER_ADDRESS_FORMAT
  return all;
}

const std::vector<std::string>& Place::splits() const {
  if (!splits_) splits_ = split_folders(path_);
  return *splits_;
}

const Format& find_format(const std::string& key) {
  for (const Format* format : formats())
    if (format->about.key == key) return *format;
  throw Error(ErrorCode::usage, fmt::format("unknown catalogue format \"{}\"", key));
}

}  // namespace matcher::dataset
