// Breaks "pair": no header declares what this file defines.
#include <fmt/format.h>
#include <unistd.h>

#include "matcher/low/top/mean.hpp"
