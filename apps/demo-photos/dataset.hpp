// Draws a dataset into a folder: photos, lists, and what describes them.
#pragma once

#include <array>
#include <string>

#include "matcher/files/file.hpp"

namespace matcher::demo {

/// Raise it whenever the same parameters give other photos.
inline constexpr int generator_version = 2;
inline constexpr const char* manifest_name = "demo-photos.json";

/// The photos depend on these and on nothing else.
struct Parameters {
  std::uint64_t products = 120, gallery_views = 3, query_views = 2, unknown = 20;
  std::uint64_t size = 256, seed = 1, quality = 90;
};

/// A parameter's flag, without its dashes, and the values it can have.
struct Flag {
  const char *name, *help;
  std::uint64_t Parameters::*value;
  std::uint64_t least, most;
};

inline constexpr std::array<Flag, 7> flags{{
    {"products", "Products in the gallery", &Parameters::products, 1, 1000000},
    {"gallery-views", "Studio photos per product", &Parameters::gallery_views, 1, 1000},
    {"query-views", "Hard photos per product", &Parameters::query_views, 1, 1000},
    {"unknown", "More products, only among the queries", &Parameters::unknown, 0, 1000000},
    {"size", "Pixels of a photo's side", &Parameters::size, 32, 2048},
    {"seed", "Another number gives other products", &Parameters::seed, 0, UINT64_MAX},
    {"quality", "Quality of the JPEG files", &Parameters::quality, 1, 100},
}};

struct WriteOptions {
  fs::path output;
  std::size_t threads = 1;  ///< the photos do not depend on it
  bool force = false;       ///< replace the dataset that an earlier run left in `output`
  bool progress = false;    ///< count the products on stderr
};

enum class Outcome { drawn, up_to_date };

/// The folder is complete or absent. Throws Error(input) if `output` contains something else, Error(resource) if it
/// cannot be written.
Outcome write_dataset(const Parameters& parameters, const WriteOptions& options);

/// Describes the folder to matcher. `root` is the folder's path for the reader of the description.
std::string dataset_yaml(const Parameters& parameters, const std::string& root);

}  // namespace matcher::demo
