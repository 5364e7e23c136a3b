// One part of a listing that is embedded in several parts, on several machines.
#pragma once

#include <cstddef>
#include <string>

namespace matcher::pipeline {

/// Part `number` of `of`, counted from 1. Of n items it holds those from n (number - 1) / of to n number / of, rounded
/// down.
struct Shard {
  std::size_t number = 1, of = 1;
  bool operator==(const Shard&) const = default;
};

/// Parses "3/16". Throws Error(usage) unless the number is between 1 and the number of shards.
Shard parse_shard(const std::string& text);

}  // namespace matcher::pipeline
