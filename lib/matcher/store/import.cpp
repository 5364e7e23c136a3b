#include "matcher/store/import.hpp"

#include <fmt/format.h>

#include "matcher/core/error.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/store/import/folder.hpp"
#include "matcher/store/import/formats.hpp"

namespace matcher::store {

std::string place_of(const ForeignBlock& block, std::size_t row) {
  if (block.unit == "line") return fmt::format("{}:{}", block.file, block.numbers[row]);
  return fmt::format("\"{}\", {} {} (from 0)", block.file, block.unit, block.numbers[row]);
}

std::unique_ptr<ForeignVectors> open_foreign_vectors(const fs::path& place) {
  if (!path_exists(place)) {
    throw Error(ErrorCode::input, fmt::format("\"{}\" {}. Give a file of vectors ({}), or a folder of them",
                                              place.string(), why_missing(place), import_extensions()));
  }
  if (is_folder(place)) return open_folder(place);
  if (const auto* format = find_import_format(place)) return format->open(place);
  throw Error(ErrorCode::input, fmt::format("\"{}\" is not a file of vectors that matcher reads: its name ends with "
                                            "none of {}. Save the vectors with numpy.save",
                                            place.string(), import_extensions()));
}

}  // namespace matcher::store
