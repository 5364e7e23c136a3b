// The threads of the BLAS that FAISS computes with.
#pragma once

namespace matcher::index {

/// Where the BLAS is OpenBLAS: it starts its threads when the program is loaded, and each turns a core around for
/// nothing for the first 26 ms, which is longer than most commands take. They end here, and its next product of
/// matrices starts them again.
void stop_idle_blas_threads();

}  // namespace matcher::index
