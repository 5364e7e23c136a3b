#include <vector>

#include "matcher/low/number.hpp"
