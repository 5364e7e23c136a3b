# Sets MATCHER_WITH_FAISS_GPU if the FAISS that was found can search on GPUs. The plugin of index/gpu is then built.

if(MATCHER_FAISS_GPU)
  find_package(CUDAToolkit QUIET)
endif()
include(FaissWithoutCuda)

# Sets `why` to the reason why this FAISS cannot search on GPUs; leaves it alone if it can.
function(matcher_find_faiss_gpu why)
  get_target_property(folders faiss INTERFACE_INCLUDE_DIRECTORIES)
  find_path(FAISS_GPU_INCLUDE_DIR faiss/gpu/GpuCloner.h PATHS ${folders} NO_DEFAULT_PATH)
  if(NOT FAISS_GPU_INCLUDE_DIR)
    set(${why} "it has no GPU support; scripts/build-faiss-gpu builds one with GPU support" PARENT_SCOPE)
  elseif(NOT CUDAToolkit_FOUND)
    set(${why} "it has GPU support, but the CUDA toolkit was not found; set -DCUDAToolkit_ROOT" PARENT_SCOPE)
  else()
    include(CheckCXXSourceCompiles)
    set(CMAKE_REQUIRED_LIBRARIES faiss CUDA::cublas CUDA::cudart OpenMP::OpenMP_CXX)
    check_cxx_source_compiles("
      #include <faiss/gpu/GpuCloner.h>
      #include <faiss/gpu/StandardGpuResources.h>
      int main() { faiss::gpu::StandardGpuResources r; return faiss::gpu::index_cpu_to_gpu(&r, 0, nullptr) != nullptr; }"
      FAISS_GPU_LINKS)
    if(NOT FAISS_GPU_LINKS)
      set(${why} "its GPU support does not link with CUDA ${CUDAToolkit_VERSION} (see CMakeFiles/CMakeError.log)" PARENT_SCOPE)
    endif()
  endif()
endfunction()

set(_why)
if(NOT MATCHER_FAISS_GPU)
  set(_why "MATCHER_FAISS_GPU is ${MATCHER_FAISS_GPU}")
else()
  matcher_find_faiss_gpu(_why)
endif()
if(NOT _why)
  set(MATCHER_WITH_FAISS_GPU ON)
  message(STATUS "FAISS in ${faiss_DIR}: searches on GPUs, with CUDA ${CUDAToolkit_VERSION}")
elseif(MATCHER_FAISS_GPU STREQUAL "ON")
  message(FATAL_ERROR "MATCHER_FAISS_GPU is ON, but the FAISS in ${faiss_DIR} cannot search on GPUs: ${_why}. "
    "Add another FAISS to CMAKE_PREFIX_PATH, or set MATCHER_FAISS_GPU=AUTO")
else()
  message(STATUS "FAISS in ${faiss_DIR}: searches on the CPU only (${_why})")
endif()
