#include "matcher/low/base/sum.hpp"
