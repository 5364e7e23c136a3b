// Eigenvectors of symmetric matrices, by LAPACK.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "matcher/refine/symmetric.hpp"

namespace matcher::refine {

/// The largest eigenvalues, falling, and their eigenvectors, [n, d]. The largest component of each is positive.
struct Eigenvectors {
  std::vector<double> values, vectors;
  std::span<const double> vector(std::size_t i) const;
};

/// The first `n` eigenvectors of `a`. Throws Error(unexpected) if LAPACK does not converge.
Eigenvectors eigenvectors(Symmetric a, std::size_t n);

/// The first `n` solutions of a·v = e·b·v, with v'·b·v = 1. Throws Error(input) if `b` is not positive definite.
Eigenvectors generalised_eigenvectors(Symmetric a, Symmetric b, std::size_t n);

}  // namespace matcher::refine
