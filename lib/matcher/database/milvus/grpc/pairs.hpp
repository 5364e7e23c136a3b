// Key and value pairs of messages: properties of collections, parameters of indexes and searches.
#pragma once

#include <milvus.pb.h>

#include <algorithm>
#include <string>

namespace matcher::database {

namespace wire = ::milvus::proto::milvus;

inline void add_pair(auto& pairs, const std::string& key, const std::string& value) {
  auto* pair = pairs.Add();
  pair->set_key(key);
  pair->set_value(value);
}

/// Returns "" if there is no such key.
inline std::string find_pair(const auto& pairs, const std::string& key) {
  const auto found = std::ranges::find(pairs, key, &wire::Pair::key);
  return found == pairs.end() ? std::string() : found->value();
}

}  // namespace matcher::database
