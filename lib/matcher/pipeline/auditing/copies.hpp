// Finds photos that are the same: by bytes, by pixels, by what they show, and by their vectors.
#pragma once

#include <span>
#include <vector>

#include "matcher/core/observer.hpp"
#include "matcher/eval/neighbours.hpp"
#include "matcher/pipeline/auditing/photo_facts.hpp"
#include "matcher/report/audit.hpp"

namespace matcher::pipeline {

/// Two rows, a before b.
struct Copy {
  std::uint32_t a = 0, b = 0;
  report::Likeness likeness = report::Likeness::bytes;
  double cosine = 1;
};

/// The photos of a catalogue, row by row.
struct Catalogue {
  std::span<const report::AuditItem> items;
  std::span<const PhotoFacts> facts;
  std::span<const std::string> hashes;  ///< hashes of the bytes, where a photo was not looked at
};

/// Pairs of photos that are the same by their files: each later one with the first of its group, or with the nearest
/// that shows the same. A pair comes once, with its strongest likeness.
std::vector<Copy> find_copies(Observer& observer, const Catalogue& photos);

/// False if a fifth or more of the photos have a cosine of `limit` or more to a photo of another label: the model gives
/// such cosines to other photos, too.
bool separates(const eval::Neighbours& neighbours, std::span<const report::AuditItem> items, double limit);

/// Adds pairs whose cosine is at least `limit`: for each photo the nearest of the other role, of another label, and of
/// its own, unless `copies` has the pair. `neighbours` has the rows of `items`.
void add_near_duplicates(const eval::Neighbours& neighbours, std::span<const report::AuditItem> items, double limit,
                         std::vector<Copy>& copies);

}  // namespace matcher::pipeline
