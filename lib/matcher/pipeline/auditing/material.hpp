// The photos and vectors of a catalogue that an audit is made of.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "matcher/core/identity.hpp"
#include "matcher/core/matrix.hpp"
#include "matcher/pipeline/audit.hpp"

namespace matcher::pipeline {

/// All photos of a catalogue, row by row, with what is known of each.
struct Material {
  std::vector<report::AuditItem> items;
  std::vector<std::string> hashes;       ///< hashes of the bytes, from embedding sets
  std::vector<std::string> reasons;      ///< why an embedding set lacks the photo
  std::vector<std::uint32_t> of_vector;  ///< the row of each vector
  Matrix unit;                           ///< [vectors, d]
  ModelIdentity model;
  std::string dataset;
  std::map<std::string, std::string> label_names;
  std::map<std::string, std::size_t> skipped;

  void add(report::AuditItem item, std::string hash, std::string reason) {
    items.push_back(std::move(item));
    hashes.push_back(std::move(hash));
    reasons.push_back(std::move(reason));
  }
};

/// Lists the photos of the dataset and embeds what is missing, or reads the embedding sets.
Material load_material(const Context& context, const AuditOptions& options);

}  // namespace matcher::pipeline
