// Measures how fast this machine builds indexes.
#pragma once

namespace matcher::index {

/// Measures multiplications per second on one core, in the loop that builds indexes. Takes about 20 ms.
double measure_multiplications_per_second();

}  // namespace matcher::index
