#include "matcher/process/openmp.hpp"

#include <omp.h>

namespace matcher {

OpenMpThreads::OpenMpThreads(int count) : before_(omp_get_max_threads()) { omp_set_num_threads(count); }

OpenMpThreads::~OpenMpThreads() { omp_set_num_threads(before_); }

}  // namespace matcher
