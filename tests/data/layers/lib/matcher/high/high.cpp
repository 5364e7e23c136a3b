#include "matcher/high/high.hpp"

// Breaks "face": the rooms of another layer are private.
#include "matcher/low/base/sum.hpp"
