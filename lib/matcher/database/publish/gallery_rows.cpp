#include "matcher/database/publish/gallery_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <unordered_set>

#include "matcher/core/error.hpp"
#include "matcher/database/versions/record.hpp"

namespace matcher::database {

void check_gallery(const Gallery& gallery) {
  if (gallery.items.empty())
    throw Error(ErrorCode::input,
                fmt::format("the gallery of \"{}\" is empty: nothing to index", gallery.manifest.data.name));
  std::unordered_set<std::string_view> seen;
  for (const auto& item : gallery.items) {
    if (seen.insert(item.id).second) continue;
    throw Error(ErrorCode::input,
                fmt::format("the gallery has the id \"{}\" twice, but a collection holds each id once; index "
                            "one split, or give each item an id of its own",
                            item.id));
  }
}

std::vector<Row> make_rows(const Gallery& gallery) {
  std::vector<Row> rows;
  rows.reserve(gallery.items.size());
  index::for_each_block(*gallery.vectors, [&](std::size_t first, MatrixView block) {
    for (std::size_t i = 0; i < block.rows; ++i) rows.push_back(to_row(gallery.items[first + i], block.row(i)));
  });
  return rows;
}

bool is_same_vector(std::span<const float> returned, std::span<const float> sent) {
  constexpr double tolerance = 1e-5;
  return std::ranges::equal(returned, sent, [](float x, float y) { return std::abs(x - y) <= tolerance; });
}

}  // namespace matcher::database
