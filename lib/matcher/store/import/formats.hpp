// The table of files of vectors: a format is one file that defines an ImportFormat, and one line below.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "matcher/store/import.hpp"

namespace matcher::store {

namespace fs = std::filesystem;

inline constexpr std::size_t rows_per_block = 4096;

/// One kind of files.
struct ImportFormat {
  std::vector<std::string_view> extensions;  ///< in lower case, with the dot
  std::unique_ptr<ForeignVectors> (*open)(const fs::path& file);
};

#define MATCHER_IMPORT_FORMATS(add) add(npy) add(npz) add(jsonl) add(vecs) add(arrow)

#define MATCHER_DECLARE_FORMAT(name) extern const ImportFormat name##_format;
MATCHER_IMPORT_FORMATS(MATCHER_DECLARE_FORMAT)
#undef MATCHER_DECLARE_FORMAT

/// Borrows the formats of the table.
const std::vector<const ImportFormat*>& import_formats();

/// The format of a file by its extension, in any case; nullptr: none.
const ImportFormat* find_import_format(const fs::path& file);

/// ".npy, .npz, …"
std::string import_extensions();

/// The rows [first, first + count) of a file.
std::vector<std::uint64_t> numbers_from(std::uint64_t first, std::size_t count);

}  // namespace matcher::store
