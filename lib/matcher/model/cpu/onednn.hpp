// Products on the processor's tiles (AMX), by oneDNN. Nothing else includes oneDNN.
#pragma once

#include <cstdint>

#include "matcher/model/cpu/kernels.hpp"

namespace matcher::model::cpu {

/// True if oneDNN may use tiles here: the processor has them, the system grants them, and $ONEDNN_MAX_CPU_ISA does not
/// exclude them.
bool has_tiles();

/// Computes all columns of the rows from `first` to before `last`, of values in bf16. `residual` must be null or `sum`.
/// Thread-safe; uses no other threads. oneDNN adds the parts of a deep sum in an order that depends on the number of
/// rows. So it always gets `rows_on_tiles` rows, the last ones filled up with zeros, and a row does not depend on
/// others.
void multiply_on_tiles(const Product& product, std::int64_t first, std::int64_t last, std::int64_t panel);

}  // namespace matcher::model::cpu
