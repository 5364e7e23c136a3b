// The faults of a catalogue, as `matcher audit` publishes it: plain data (docs/commands/audit.md).
#pragma once

#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "matcher/core/identity.hpp"

namespace matcher::report {

/// A photo of the catalogue.
struct AuditItem {
  std::string id, label, role, path;
};

/// A photo whose neighbours contradict its label; see eval::LabelDoubt.
struct Suspect {
  AuditItem item;
  std::string suggested;  ///< the label that its neighbours have
  double margin = 0;
  std::size_t own = 0, seen = 0;
  double p = 1;
  bool likely = false;
  AuditItem nearest;  ///< the nearest photo of `suggested`
  double cosine = 0;  ///< to `nearest`
};

/// How two photos are the same: their bytes, their decoded pixels, what they show (compressed, resized or brightened
/// again), the same mirrored or turned by 90 degrees, or vectors with a cosine at the limit or above.
#define MATCHER_LIKENESSES(add) add(bytes) add(pixels) add(content) add(mirrored) add(turned) add(vectors)
#define MATCHER_ENUMERATOR(name) name,
enum class Likeness { MATCHER_LIKENESSES(MATCHER_ENUMERATOR) };
#undef MATCHER_ENUMERATOR
const char* name_of(Likeness likeness);

/// Two photos that are the same, or nearly.
struct SamePair {
  Likeness likeness = Likeness::bytes;
  AuditItem a, b;
  double cosine = 1;  ///< cosine of their vectors; 1 if they have none

  bool has_two_labels() const { return a.label != b.label; }
  bool is_leak() const { return a.role != b.role; }
};

struct AuditHub {
  AuditItem item;
  std::size_t answers = 0, wrong = 0;  ///< photos that have it among their nearest 10; those of other products
};

struct Unusable {
  AuditItem item;
  std::string reason;
};

/// Two products that nothing tells apart; see eval::LabelPair.
struct InseparablePair {
  std::string a, b;
  std::size_t photos = 0, own = 0;
  double expected = 0, p = 1;
};

struct OddSize {
  AuditItem item;
  int width = 0, height = 0;
  std::string reason;
};

/// A product with one photo. `nearest` and `cosine` are those of another product.
struct Single {
  AuditItem item;
  AuditItem nearest;
  double cosine = 0;
};

using Counts = std::vector<std::pair<std::string, std::size_t>>;  ///< the largest first

/// matcher.audit/1.
struct Audit {
  ModelIdentity model;
  std::string dataset;
  std::size_t gallery = 0, queries = 0, products = 0;
  std::size_t unlabelled = 0;
  std::size_t looked_at = 0;       ///< photos that were decoded
  double limit = 0;                ///< cosine of near-duplicates
  bool limit_separates = true;     ///< false: too many photos are as near to another product
  Counts unusable_kinds, skipped;  ///< reasons; extensions of files that no catalogue format reads
  std::vector<Unusable> unusable;
  std::vector<Suspect> suspects;     ///< every photo whose product has another one, the most suspicious first
  std::vector<SamePair> duplicates;  ///< within gallery or queries, or of two products; the latter first
  std::vector<SamePair> leaks;       ///< between gallery and queries
  std::vector<AuditHub> hubs;
  std::vector<InseparablePair> inseparable;
  std::vector<OddSize> odd_sizes;
  std::vector<Single> singles;
  std::map<std::string, std::string> label_names;  ///< label -> name for people
  std::vector<std::string> missing_products;       ///< labels of queries that no gallery item has

  std::size_t likely() const;      ///< suspects that are likely
  std::size_t two_labels() const;  ///< duplicates of two products
};

/// A photo to leave out, and why.
struct LeaveOut {
  AuditItem item;
  std::string reason, suggested;
};

/// Photos that spoil numbers: unusable ones, later copies, copies of two products, queries that the gallery holds too,
/// and labels that may be wrong. Each once, for its first reason.
std::vector<LeaveOut> photos_to_leave_out(const Audit& audit);

/// photos_to_leave_out() as CSV: id, role, path, label, reason, suggested.
std::string clean_csv(const Audit& audit);

/// The name of a label for people; the label itself if it has none.
const std::string& name_of(const Audit& audit, const std::string& label);

/// "12 labels may be wrong, 3 pairs of equal photos have two products, 40 queries are in the gallery too".
std::string sentence(const Audit& audit);

}  // namespace matcher::report
