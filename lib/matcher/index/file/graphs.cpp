#include "matcher/index/file/graphs.hpp"

#include <vector>

namespace matcher::index {
namespace {

constexpr std::int64_t most_layers = 64, most_links = 4096, most_links_of_nsg = 512;
constexpr const char *flat = "IxF", *scalar = "IxSQ";
constexpr const char* link = "a link of its graph";

struct Layers {
  std::vector<std::int32_t> ends;    ///< links of a node in the layers below each
  std::vector<std::int32_t> levels;  ///< layers of each node
};

void read_storage(CheckedReader& in, const Header& h, const char* mark) {
  const auto part = read_part(in, h, h.n);
  require(part.mark.starts_with(mark), "the vectors of its graph are of another kind");
  require(part.metric == h.metric, "the vectors of its graph have another metric");
}

Layers read_layers(CheckedReader& in, const Header& h) {
  const auto count = in.read_length(8);
  require_between(std::int64_t(count), 1, most_layers, "the number of layers of its graph");
  in.skip(8 * count);  // probabilities, for adding
  Layers layers{in.read_values<std::int32_t>(in.read_length(4, count + 1, "the number of layers with a size")), {}};
  require(layers.ends[0] == 0, "the layers of its graph do not start at 0");
  for (std::size_t i = 1; i < layers.ends.size(); ++i)
    require_between(std::int64_t(layers.ends[i]) - layers.ends[i - 1], 0, most_links, "the size of a layer");
  layers.levels = in.read_values<std::int32_t>(in.read_length(4, h.n, "the number of nodes of its graph"));
  for (const auto level : layers.levels)
    require_between(level, 1, std::int64_t(count), "the number of layers of a node");
  return layers;
}

/// Checks where the links of each node start. Returns the number of links.
Size read_starts(CheckedReader& in, const Header& h, const Layers& layers) {
  Size end = 0, node = 0;
  in.for_each<Size>(in.read_length(8, h.n + 1, "the number of starts of links"), [&](Size start) {
    require_equal(start, end, "the start of the links of a node");
    if (node < h.n) end += Size(layers.ends[std::size_t(layers.levels[node++])]);
  });
  return end;
}

/// Checks that each link leads to a node, and to one in the layer of the link.
void read_links(CheckedReader& in, const Header& h, const Layers& layers) {
  in.read_length(4, read_starts(in, h, layers), "the number of links");
  for (const auto level : layers.levels) {
    for (std::int32_t layer = 0; layer < level; ++layer) {
      const auto at = std::size_t(layer);
      in.for_each<std::int32_t>(Size(layers.ends[at + 1] - layers.ends[at]), [&](std::int32_t node) {
        require_between(node, -1, std::int64_t(h.n) - 1, link);
        require(node < 0 || layers.levels[std::size_t(node)] > layer, "a link leads out of its layer");
      });
    }
  }
}

void read_hnsw(CheckedReader& in, const Header& h) {
  const auto layers = read_layers(in, h);
  read_links(in, h, layers);
  const auto entry = in.read<std::int32_t>(), top = in.read<std::int32_t>();
  in.read<std::int32_t>();  // breadths: that of adding, and of a search, which matcher sets
  in.read<std::int32_t>();
  require(in.read<std::int32_t>() == 1, "the breadth of its upper layers is not 1");
  require_between(entry, 0, std::int64_t(h.n) - 1, "the first node of its graph");
  require(top == layers.levels[std::size_t(entry)] - 1, "its first node is not in the highest layer");
}

void skip_nsg_options(CheckedReader& in) { in.skip(4 + 1 + 4 * 4); }

/// Reads up to `width` links, and -1 behind the last.
void read_row(CheckedReader& in, const Header& h, std::int32_t width) {
  std::int32_t links = 0;
  for (auto node = in.read<std::int32_t>(); node != -1; node = in.read<std::int32_t>()) {
    require_between(node, 0, std::int64_t(h.n) - 1, link);
    require(++links <= width, "a node has too many links");
  }
}

void read_nsg(CheckedReader& in, const Header& h) {
  skip_nsg_options(in);
  const auto n = in.read<std::int32_t>(), width = in.read<std::int32_t>();
  in.skip(2 * 4);  // breadths of building
  const auto breadth = in.read<std::int32_t>(), entry = in.read<std::int32_t>();
  require(in.read_flag(), "its graph is not built");
  require_between(n, std::int64_t(h.n), std::int64_t(h.n), "the number of nodes of its graph");
  require_between(width, 1, most_links_of_nsg, "the number of links of a node");
  require_between(breadth, -1, n, "the breadth of its search");
  require_between(entry, 0, std::int64_t(n) - 1, "the first node of its graph");
  for (std::int32_t node = 0; node < n; ++node) read_row(in, h, width);
}

}  // namespace

void read_hnsw_flat(CheckedReader& in, const Header& h) {
  read_hnsw(in, h);
  read_storage(in, h, flat);
}

void read_hnsw_scalar(CheckedReader& in, const Header& h) {
  read_hnsw(in, h);
  read_storage(in, h, scalar);
}

void read_nsg_flat(CheckedReader& in, const Header& h) {
  read_nsg(in, h);
  read_storage(in, h, flat);
}

void read_nsg_scalar(CheckedReader& in, const Header& h) {
  read_nsg(in, h);
  read_storage(in, h, scalar);
}

}  // namespace matcher::index
