#include "matcher/model/blocks/taker.hpp"

#include <algorithm>

namespace matcher::model {
namespace {

/// Returns `count` equal parts of the bytes.
class Parts {
 public:
  Parts(std::span<const std::byte> bytes, std::int64_t count)
      : bytes_(bytes), size_(bytes.size() / std::size_t(count)) {}
  std::span<const std::byte> operator[](std::int64_t i) const { return bytes_.subspan(std::size_t(i) * size_, size_); }
  std::span<const std::byte> operator[](Rows rows) const {
    return bytes_.subspan(std::size_t(rows.first) * size_, std::size_t(rows.count) * size_);
  }

 private:
  std::span<const std::byte> bytes_;
  std::size_t size_;
};

void append(std::vector<std::byte>& to, std::span<const std::byte> part) {
  to.insert(to.end(), part.begin(), part.end());
}

}  // namespace

void Taker::add(const std::string& as, ElementType type, std::vector<std::int64_t> shape,
                std::span<const std::byte> bytes) {
  into_.weights.push_back({as, type, std::move(shape), bytes, true});
}

void Taker::add_copy(const std::string& as, ElementType type, std::vector<std::int64_t> shape,
                     std::vector<std::byte> bytes) {
  into_.weights.push_back({as, type, std::move(shape), checkpoint_.keep(std::move(bytes)), false});
}

void Taker::take(const std::string& as, const std::string& name, const std::vector<std::int64_t>& shape) {
  const auto& tensor = checkpoint_.take(prefix_ + name, shape);
  add(as, tensor.type, tensor.shape, tensor.bytes);
}

void Taker::take_rows(const std::string& as, const std::string& name, std::vector<std::int64_t> shape, Rows rows) {
  const auto& tensor = checkpoint_.take(prefix_ + name, shape);
  const auto bytes = Parts(tensor.bytes, shape[0])[rows];
  shape[0] = rows.count;
  add(as, tensor.type, std::move(shape), bytes);
}

void Taker::take_even_first(const std::string& as, const std::string& name, std::vector<std::int64_t> shape, Rows rows,
                            std::int64_t group) {
  const auto& tensor = checkpoint_.take(prefix_ + name, shape);
  const Parts parts(tensor.bytes, shape[0]);
  std::vector<std::byte> sorted;
  for (std::int64_t first = rows.first; first < rows.first + rows.count; first += group) {
    for (std::int64_t i = 0; i < group; i += 2) append(sorted, parts[first + i]);
    for (std::int64_t i = 1; i < group; i += 2) append(sorted, parts[first + i]);
  }
  shape[0] = rows.count;
  add_copy(as, tensor.type, std::move(shape), std::move(sorted));
}

void Taker::take_transposed(const std::string& as, const std::string& name, std::int64_t rows, std::int64_t columns) {
  const auto& tensor = checkpoint_.take(prefix_ + name, {rows, columns});
  const Parts numbers(tensor.bytes, rows * columns);
  std::vector<std::byte> transposed;
  for (std::int64_t column = 0; column < columns; ++column)
    for (std::int64_t row = 0; row < rows; ++row) append(transposed, numbers[row * columns + column]);
  add_copy(as, tensor.type, {columns, rows}, std::move(transposed));
}

void Taker::take_linear(const std::string& as, const std::string& name, std::int64_t out, std::int64_t in, bool bias) {
  take(as + "_weight", name + ".weight", {out, in});
  if (bias) take(as + "_bias", name + ".bias", {out});
}

void Taker::take_norm(const std::string& as, const std::string& name, std::int64_t d) {
  take(as + "_weight", name + ".weight", {d});
  take(as + "_bias", name + ".bias", {d});
}

}  // namespace matcher::model
