#include "matcher/low/number.hpp"
