#include "matcher/low/base/sum.hpp"

// Breaks "room order": ROOMS names base before top.
#include "matcher/low/top/mean.hpp"
