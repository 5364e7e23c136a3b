# Whether the FAISS that was found searches on GPUs as well (MATCHER_WITH_FAISS_GPU); then the plugin index/gpu is built.
# CUDA is taken from what links FAISS: the plugin links it, the program does not.

if(MATCHER_FAISS_GPU)
  find_package(CUDAToolkit QUIET)
endif()
get_target_property(_faiss_links faiss INTERFACE_LINK_LIBRARIES)
list(FILTER _faiss_links EXCLUDE REGEX "CUDA::|cudart|cublas")
set_target_properties(faiss PROPERTIES INTERFACE_LINK_LIBRARIES "${_faiss_links}")
get_target_property(_faiss_configurations faiss IMPORTED_CONFIGURATIONS)
foreach(_configuration IN LISTS _faiss_configurations)
  set_target_properties(faiss PROPERTIES IMPORTED_LINK_INTERFACE_LANGUAGES_${_configuration} CXX)
endforeach()

function(matcher_find_faiss_gpu why)
  get_target_property(folders faiss INTERFACE_INCLUDE_DIRECTORIES)
  find_path(FAISS_GPU_INCLUDE_DIR faiss/gpu/GpuCloner.h PATHS ${folders} NO_DEFAULT_PATH)
  if(NOT FAISS_GPU_INCLUDE_DIR)
    set(${why} "it has no GPU support; scripts/build-faiss-gpu builds one that has" PARENT_SCOPE)
  elseif(NOT CUDAToolkit_FOUND)
    set(${why} "it has GPU support, but the CUDA toolkit was not found; give -DCUDAToolkit_ROOT its place" PARENT_SCOPE)
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
  message(STATUS "FAISS of ${faiss_DIR}: searches on GPUs, by CUDA ${CUDAToolkit_VERSION}")
elseif(MATCHER_FAISS_GPU STREQUAL "ON")
  message(FATAL_ERROR "MATCHER_FAISS_GPU is ON, but the FAISS of ${faiss_DIR} cannot search on GPUs: ${_why}. "
    "Name another in CMAKE_PREFIX_PATH, or leave MATCHER_FAISS_GPU at AUTO")
else()
  message(STATUS "FAISS of ${faiss_DIR}: searches on the CPU only (${_why})")
endif()
