// Finds the item of each imported vector: by id if the vectors have ids, otherwise by order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "matcher/dataset/vector_items.hpp"
#include "matcher/store/import.hpp"

namespace matcher::pipeline {

/// Takes vectors in the order of their files. Every error is Error(input), and names file and row.
class Matching {
 public:
  /// It borrows `items`, which were read from `csv`.
  Matching(const std::vector<dataset::VectorItem>& items, std::filesystem::path csv)
      : items_(items), csv_(std::move(csv)) {}

  /// The item of the vector in `row` of the block. Throws Error(input) if it has none, or another vector has it.
  const dataset::VectorItem& find(const store::ForeignBlock& block, std::size_t row);

  bool by_id() const { return places_.has_value(); }
  /// True if every item has its vector.
  bool is_full() const { return taken_ >= items_.size(); }

  /// Throws Error(input) if an item has no vector.
  void check_complete() const;

  /// Throws Error(input): without ids, there are `vectors` vectors for another number of items.
  [[noreturn]] void fail_counts(std::size_t vectors) const;

 private:
  /// The file, from 1, and the row or line of a vector; 0: none.
  struct Seen {
    std::size_t file = 0;
    std::uint64_t number = 0;
    bool operator==(const Seen&) const = default;
  };

  void start_by_id();
  std::size_t place_of_id(const store::ForeignBlock& block, std::size_t row);
  std::string where(std::size_t item) const;
  std::string place_of(const Seen& seen, const store::ForeignBlock& like) const;

  const std::vector<dataset::VectorItem>& items_;
  std::filesystem::path csv_;
  std::size_t taken_ = 0;
  std::optional<std::unordered_map<std::string_view, std::size_t>> places_;  ///< ids -> items
  std::vector<std::string> files_;
  std::vector<Seen> seen_;  ///< the vector of each item
};

}  // namespace matcher::pipeline
