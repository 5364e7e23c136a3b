#include "matcher/run/split.hpp"

#include <map>
#include <numeric>
#include <unordered_set>

#include "matcher/core/schemas.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/hash.hpp"
#include "matcher/files/paths.hpp"

namespace matcher::run {
namespace {

/// The hash of the photo's bytes, or of the text; of the id if the photo cannot be read.
std::string content_of(const RankedQuery& query, std::size_t& unread) {
  if (query.path.empty()) return Hasher().field("text").field(query.details->text).hex();
  if (is_file(query.path)) return file_hash(query.path);
  ++unread;
  return Hasher().field("id").field(query.id).hex();
}

bool is_tuning_half(const std::string& id) { return Hasher().field(salt::tuning_half).field(id).hex()[0] < '8'; }

}  // namespace

QuerySplit split_in_halves(const std::vector<RankedQuery>& queries) {
  QuerySplit split;
  std::vector<std::string> contents;
  std::map<std::string, std::string> smallest_id;
  for (const auto& query : queries) {
    contents.push_back(content_of(query, split.unread));
    auto& id = smallest_id.emplace(contents.back(), query.id).first->second;
    id = std::min(id, query.id);
  }
  for (std::size_t i = 0; i < queries.size(); ++i) {
    (is_tuning_half(smallest_id.at(contents[i])) ? split.tuning : split.reported).push_back(i);
  }
  return split;
}

QuerySplit split_apart(const std::vector<RankedQuery>& tuning, const std::vector<RankedQuery>& reported) {
  QuerySplit split;
  split.reported.resize(reported.size());
  std::iota(split.reported.begin(), split.reported.end(), std::size_t{0});
  std::unordered_set<std::string> ids, contents;
  for (const auto& query : reported) {
    ids.insert(query.id);
    contents.insert(content_of(query, split.unread));
  }
  for (std::size_t i = 0; i < tuning.size(); ++i) {
    const bool seen = ids.contains(tuning[i].id) || contents.contains(content_of(tuning[i], split.unread));
    if (seen)
      ++split.left_out;
    else
      split.tuning.push_back(i);
  }
  return split;
}

}  // namespace matcher::run
