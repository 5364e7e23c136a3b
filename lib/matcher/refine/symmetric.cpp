#include "matcher/refine/symmetric.hpp"

#include <algorithm>
#include <functional>

#include "matcher/refine/algebra/fortran.hpp"

namespace matcher::refine {

double Symmetric::trace() const {
  double sum = 0;
  for (std::size_t i = 0; i < d; ++i) sum += values[i * d + i];
  return sum;
}

Symmetric& Symmetric::operator+=(const Symmetric& other) {
  std::ranges::transform(values, other.values, values.begin(), std::plus<>());
  return *this;
}

Symmetric& Symmetric::operator*=(double factor) {
  for (auto& value : values) value *= factor;
  return *this;
}

void Symmetric::add_outer(std::span<const double> rows, double factor) {
  const OneBlasThread one;
  const int size = int(d), count = int(rows.size() / d);
  const double keep = 1;
  call_fortran("dsyrk_", "L", "N", &size, &count, &factor, rows.data(), &size, &keep, values.data(), &size, one_letter,
               one_letter);
}

}  // namespace matcher::refine
