#include "matcher/database/milvus/grpc/index_parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "matcher/database/milvus/grpc/pairs.hpp"

namespace matcher::database {
namespace {

constexpr std::size_t ef_construction = 200, graph_degree = 16, default_ef = 200, most_lists = 65536;

std::string lower(std::string text) {
  for (auto& c : text) c = c >= 'A' && c <= 'Z' ? char(c + 32) : c;
  return text;
}

struct Created {
  const char* type;
  std::string parameters;  ///< JSON
};

Created created(const IndexChoice& index) {
  switch (index.type) {
    case IndexType::flat:
      return {"FLAT", "{}"};
    case IndexType::ivf_flat:
      return {"IVF_FLAT", fmt::format("{{\"nlist\":{}}}", std::clamp<std::size_t>(index.lists, 1, most_lists))};
    case IndexType::hnsw:
      break;
  }
  return {"HNSW", fmt::format("{{\"M\":{},\"efConstruction\":{}}}", graph_degree, ef_construction)};
}

}  // namespace

std::string index_text(const IndexChoice& index) {
  return index.type == IndexType::ivf_flat ? fmt::format("{} {}", to_string(index.type), index.lists)
                                           : std::string(to_string(index.type));
}

IndexChoice parse_index(const std::string& text) {
  if (!text.starts_with(to_string(IndexType::ivf_flat)))
    return {text == to_string(IndexType::flat) ? IndexType::flat : IndexType::hnsw, 0};
  const auto lists = text.substr(std::min(text.size(), text.find(' ') + 1));
  IndexChoice index{IndexType::ivf_flat, 0};
  std::from_chars(lists.data(), lists.data() + lists.size(), index.lists);
  return index;
}

void add_index_parameters(wire::CreateIndexRequest& request, const IndexChoice& index) {
  const auto [type, parameters] = created(index);
  auto& pairs = *request.mutable_parameters();
  add_pair(pairs, "metric_type", "COSINE");
  add_pair(pairs, "index_type", type);
  add_pair(pairs, "params", parameters);
}

std::string describe_index(const wire::Index& index) {
  auto text = find_pair(index.parameters(), "index_type");
  for (const auto* key : {"M", "efConstruction", "nlist"}) {
    if (const auto value = find_pair(index.parameters(), key); !value.empty())
      text += fmt::format(" {}={}", key, value);
  }
  const auto nested = find_pair(index.parameters(), "params");
  return text.find('=') == std::string::npos && nested.size() > 2 ? text + " " + nested : text;
}

std::string metric_of(const wire::Index* index) {
  return index == nullptr ? "cosine" : lower(find_pair(index->parameters(), "metric_type"));
}

std::string search_parameters(const IndexChoice& index, std::size_t effort, std::size_t k) {
  if (index.type == IndexType::flat) return "{}";
  if (index.type == IndexType::hnsw) return fmt::format("{{\"ef\":{}}}", std::max(effort > 0 ? effort : default_ef, k));
  const auto probes = effort > 0 ? effort : std::max<std::size_t>(8, index.lists / 8);
  return fmt::format("{{\"nprobe\":{}}}", std::clamp<std::size_t>(probes, 1, std::max<std::size_t>(1, index.lists)));
}

}  // namespace matcher::database
