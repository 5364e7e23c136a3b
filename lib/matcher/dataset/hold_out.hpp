// Holds items of a gallery out as queries, for datasets without any.
#pragma once

#include <cstddef>
#include <string>

#include "matcher/dataset/dataset.hpp"

namespace matcher::dataset {

/// The rule by which items become queries. The same rule gives the same queries on every machine: items are chosen by
/// the hash of their id. Items of a label with the same group are one series, which is never divided: it counts as one
/// item.
struct HoldOut {
  enum class Kind { none, per_label, share, leave_one_out };
  Kind kind = Kind::none;
  std::size_t count = 0;     ///< items per label, of labels that have more
  double share = 0;          ///< share of each label's items: at least one item, never all
  std::string text{};        ///< as the user wrote it
  bool skip_single = false;  ///< leave-one-out: items alone with their label are no queries
};

/// Parses "1-per-label", "20%" or "leave-one-out". Throws Error(usage).
HoldOut parse_hold_out(const std::string& text);

/// The rule of --leave-one-out: every item is a query, but for those alone with their label.
HoldOut leave_one_out();

/// Moves items of the gallery to the queries, in their order. leave-one-out copies all of them: a query never matches
/// itself. Adds the rule to the protocol, which is part of a run's identity. Throws Error(usage) if the dataset has
/// queries, Error(input) if no label has two items.
void apply(const HoldOut& rule, Dataset& dataset);

}  // namespace matcher::dataset
