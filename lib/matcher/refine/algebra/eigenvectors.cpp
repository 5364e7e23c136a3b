#include "matcher/refine/algebra/eigenvectors.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>

#include "matcher/core/error.hpp"
#include "matcher/refine/algebra/fortran.hpp"

namespace matcher::refine {
namespace {

/// The columns of LAPACK's result from the last, the largest, to the first.
Eigenvectors take_largest(const std::vector<double>& values, const std::vector<double>& columns, std::size_t n) {
  const auto d = values.size();
  Eigenvectors taken;
  for (std::size_t i = 0; i < n; ++i) {
    const auto column = std::span(columns).subspan((d - 1 - i) * d, d);
    const auto largest = std::ranges::max_element(column, {}, [](double x) { return std::abs(x); });
    const double sign = *largest < 0 ? -1 : 1;
    taken.values.push_back(values[d - 1 - i]);
    std::ranges::transform(column, std::back_inserter(taken.vectors), [&](double x) { return sign * x; });
  }
  return taken;
}

/// The sizes of a routine's workspaces, and its result.
struct Workspace {
  std::vector<double> reals = {0};
  std::vector<int> integers = {0};
  int reals_size = -1, integers_size = -1, info = 0;

  /// Allocates what the routine asked for in its first call.
  void allocate() {
    reals_size = int(reals[0]);
    integers_size = integers[0];
    reals.resize(std::size_t(reals_size));
    integers.resize(std::size_t(integers_size));
  }
};

/// Calls `routine` twice: for the sizes, then for the result.
int solve(const std::function<void(Workspace&)>& routine) {
  const OneBlasThread one;
  Workspace work;
  routine(work);
  work.allocate();
  routine(work);
  return work.info;
}

[[noreturn]] void fail_no_solution() {
  throw Error(ErrorCode::unexpected, "the eigenvectors of the gallery do not converge; check its vectors");
}

}  // namespace

std::span<const double> Eigenvectors::vector(std::size_t i) const {
  const auto d = vectors.size() / values.size();
  return std::span(vectors).subspan(i * d, d);
}

Eigenvectors eigenvectors(Symmetric a, std::size_t n) {
  const int size = int(a.d);
  std::vector<double> values(a.d);
  const auto info = solve([&](Workspace& work) {
    call_fortran("dsyevd_", "V", "L", &size, a.values.data(), &size, values.data(), work.reals.data(), &work.reals_size,
                 work.integers.data(), &work.integers_size, &work.info, one_letter, one_letter);
  });
  if (info != 0) fail_no_solution();
  return take_largest(values, a.values, n);
}

Eigenvectors generalised_eigenvectors(Symmetric a, Symmetric b, std::size_t n) {
  const int size = int(a.d), type = 1;
  std::vector<double> values(a.d);
  const auto info = solve([&](Workspace& work) {
    call_fortran("dsygvd_", &type, "V", "L", &size, a.values.data(), &size, b.values.data(), &size, values.data(),
                 work.reals.data(), &work.reals_size, work.integers.data(), &work.integers_size, &work.info, one_letter,
                 one_letter);
  });
  if (info > size)
    throw Error(ErrorCode::input, "the scatter within products is singular; use a larger --shrinkage, such as 0.1");
  if (info != 0) fail_no_solution();
  return take_largest(values, a.values, n);
}

}  // namespace matcher::refine
