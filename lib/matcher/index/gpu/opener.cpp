#include "matcher/index/gpu/opener.hpp"

#include "matcher/core/error.hpp"
#include "matcher/process/plugin.hpp"

namespace matcher::index {

#ifdef MATCHER_WITH_FAISS_GPU

#define MATCHER_QUOTED(name) MATCHER_QUOTED_TEXT(name)
#define MATCHER_QUOTED_TEXT(name) #name

std::string why_no_gpu_plugin() { return {}; }

const GpuPlugin& open_gpu_plugin() {
  static const GpuPlugin& opened = *reinterpret_cast<GpuPluginFactory>(
      open_plugin({"FAISS for GPUs", "libmatcher_faiss_gpu.so", MATCHER_QUOTED(MATCHER_GPU_SYMBOL)}))();
  return opened;
}

#else

std::string why_no_gpu_plugin() {
  return "this matcher was built with a FAISS that has no GPU support; scripts/build-faiss-gpu builds one that has";
}

const GpuPlugin& open_gpu_plugin() { throw Error(ErrorCode::resource, why_no_gpu_plugin()); }

#endif

}  // namespace matcher::index
