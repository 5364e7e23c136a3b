// Takes tensors from a checkpoint into the weights of a module.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "matcher/model/checkpoint/checkpoint.hpp"
#include "matcher/model/network/blueprint.hpp"

namespace matcher::model {

/// Rows of a tensor's first side.
struct Rows {
  std::int64_t first, count;
};

class Taker {
 public:
  /// Borrows both; they must outlive the taker.
  Taker(Checkpoint& checkpoint, Blueprint& into, std::string prefix)
      : checkpoint_(checkpoint), into_(into), prefix_(std::move(prefix)) {}

  bool has(const std::string& name) const { return checkpoint_.has(prefix_ + name); }
  void ignore(const std::string& name) { checkpoint_.ignore(prefix_ + name); }

  /// Takes the checkpoint's `<prefix><name>` as the weight `as`.
  void take(const std::string& as, const std::string& name, const std::vector<std::int64_t>& shape);
  /// Takes rows of a tensor of `shape`.
  void take_rows(const std::string& as, const std::string& name, std::vector<std::int64_t> shape, Rows rows);
  /// Takes rows of a tensor of `shape` and puts, in each group of `group` rows, those with even numbers before those
  /// with odd ones.
  void take_even_first(const std::string& as, const std::string& name, std::vector<std::int64_t> shape, Rows rows,
                       std::int64_t group);
  /// Takes [rows, columns] as [columns, rows].
  void take_transposed(const std::string& as, const std::string& name, std::int64_t rows, std::int64_t columns);
  /// Takes `<name>.weight` [out, in] and `<name>.bias` [out] as `<as>_weight` and `<as>_bias`.
  void take_linear(const std::string& as, const std::string& name, std::int64_t out, std::int64_t in, bool bias = true);
  /// Takes `<name>.weight` and `<name>.bias`, both [d], as `<as>_weight` and `<as>_bias`.
  void take_norm(const std::string& as, const std::string& name, std::int64_t d);

 private:
  void add(const std::string& as, ElementType type, std::vector<std::int64_t> shape, std::span<const std::byte> bytes);
  void add_copy(const std::string& as, ElementType type, std::vector<std::int64_t> shape, std::vector<std::byte> bytes);

  Checkpoint& checkpoint_;
  Blueprint& into_;
  std::string prefix_;
};

}  // namespace matcher::model
