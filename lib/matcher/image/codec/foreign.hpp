// Names files that no codec reads: formats of other programs, and files that are not images.
#pragma once

#include "matcher/image/codec/bytes.hpp"

namespace matcher::image {

/// Throws DecodeError that names the format of `file`, or shows its first bytes.
[[noreturn]] void refuse_foreign(Bytes file);

}  // namespace matcher::image
