#include "matcher/index/file/structure.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <string_view>

#include "matcher/index/file/codes.hpp"
#include "matcher/index/file/graphs.hpp"
#include "matcher/index/file/lists.hpp"
#include "matcher/index/file/transforms.hpp"

namespace matcher::index {
namespace {

constexpr int deepest = 6;  ///< indexes within each other
constexpr std::int64_t most_dimensions = 1 << 24, most_vectors = std::numeric_limits<std::uint32_t>::max();
constexpr std::int32_t most_transforms = 16;
constexpr float largest_factor = 1000;

void require_part(const Header& part, const Header& whole, Size n) {
  require_equal(part.d, whole.d, "the dimension of a part");
  require_equal(part.n, n, "the number of vectors of a part");
}

void read_transformed(CheckedReader& in, const Header& h) {
  const auto count = in.read<std::int32_t>();
  require_between(count, 0, most_transforms, "the number of its transforms");
  auto after = h;
  for (std::int32_t i = 0; i < count; ++i) after.d = read_transform(in, after.d);
  require(read_part(in, after, h.n).metric == h.metric, "a part has another metric");
}

void read_refined(CheckedReader& in, const Header& h) {
  require(read_part(in, h, h.n).metric == h.metric, "a part has another metric");
  require(read_part(in, h, h.n).metric == h.metric, "a part has another metric");
  const auto factor = in.read<float>();
  require(factor >= 1 && factor <= largest_factor, "its search is too broad or too narrow");
}

struct Kind {
  std::string_view mark;
  void (*read)(CheckedReader& in, const Header& h);
};

/// The classes that rank by inner product, by the mark that FAISS writes. A new one is a function and one line here.
constexpr Kind kinds[] = {
    {"IxFI", read_flat},         {"IxF2", read_flat},         {"IxFl", read_flat},         {"IxPq", read_product_codes},
    {"IxSQ", read_scalar_codes}, {"IPfs", read_packed_codes}, {"IHNf", read_hnsw_flat},    {"IHNs", read_hnsw_scalar},
    {"INSf", read_nsg_flat},     {"INSs", read_nsg_scalar},   {"IwFl", read_vector_lists}, {"IwPQ", read_product_lists},
    {"IwSq", read_scalar_lists}, {"IwPf", read_packed_lists}, {"IxPT", read_transformed},  {"IxRF", read_refined}};

Header read_header(CheckedReader& in, int depth) {
  Header h{in.read_mark(), 0, 0, 0, depth};
  const auto d = in.read<std::int32_t>();
  const auto n = in.read<std::int64_t>();
  in.skip(16);
  const bool is_trained = in.read_flag();
  h.metric = in.read<std::int32_t>();
  require_between(d, 1, most_dimensions, "its dimension");
  require_between(n, 0, most_vectors, "its number of vectors");
  require_between(h.metric, 0, 1, "its metric");
  require(is_trained, "a part is not trained");
  h.d = Size(d);
  h.n = Size(n);
  return h;
}

Header read_index(CheckedReader& in, int depth) {
  require(depth <= deepest, "too many indexes are within each other");
  auto h = read_header(in, depth);
  const auto* kind = std::ranges::find(kinds, h.mark, &Kind::mark);
  if (kind == std::end(kinds)) throw UnknownStructure(h.mark);
  require(h.n > 0, "it has no vectors");
  kind->read(in, h);
  return h;
}

}  // namespace

Header read_part(CheckedReader& in, const Header& whole, Size n) {
  auto part = read_index(in, whole.depth + 1);
  require_part(part, whole, n);
  return part;
}

void check_structure(Input& in) {
  CheckedReader reader(in);
  read_index(reader, 0);
  require_equal(reader.rest(), 0, "the number of bytes behind the index");
}

}  // namespace matcher::index
