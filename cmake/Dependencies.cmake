# Every dependency is found here, once; what is missing is named with the package that brings it.

function(matcher_need found what package)
  if(NOT ${found})
    message(FATAL_ERROR "${what} was not found. On Debian 12: apt-get install ${package}   (scripts/setup installs everything)")
  endif()
endfunction()

# Finds a package quietly, so that the only message about a missing one is ours. Targets must be visible everywhere.
macro(matcher_find name what package)
  find_package(${name} QUIET ${ARGN})
  matcher_need(${name}_FOUND "${what}" "${package}")
endmacro()

set(THREADS_PREFER_PTHREAD_FLAG ON)
matcher_find(Threads "A threads library" libc6-dev)
matcher_find(OpenMP "OpenMP for C++" g++ COMPONENTS CXX)
matcher_find(fmt "fmt" libfmt-dev)
matcher_find(yaml-cpp "yaml-cpp" libyaml-cpp-dev)
matcher_find(nlohmann_json "nlohmann-json" nlohmann-json3-dev)
matcher_find(CLI11 "CLI11" libcli11-dev)
matcher_find(OpenCV "OpenCV" libopencv-dev COMPONENTS core imgcodecs)
matcher_find(JPEG "libjpeg-turbo" libjpeg62-turbo-dev)
matcher_find(ZLIB "zlib" zlib1g-dev)
matcher_find(CURL "libcurl" libcurl4-openssl-dev)
matcher_find(faiss "FAISS" "libfaiss-dev libopenblas-dev")

find_path(XXHASH_INCLUDE_DIR xxhash.h)
matcher_need(XXHASH_INCLUDE_DIR "xxHash" libxxhash-dev)
find_path(UTF8PROC_INCLUDE_DIR utf8proc.h)
matcher_need(UTF8PROC_INCLUDE_DIR "utf8proc" libutf8proc-dev)
find_library(UTF8PROC_LIBRARY utf8proc)
matcher_need(UTF8PROC_LIBRARY "utf8proc" libutf8proc-dev)
find_path(BOOST_MATH_INCLUDE_DIR boost/math/distributions/binomial.hpp)
matcher_need(BOOST_MATH_INCLUDE_DIR "Boost.Math" libboost-math-dev)

if(MATCHER_TESTS)
  matcher_find(Catch2 "Catch2 v3" "-t bookworm-backports libcatch2-dev" 3)
  include(Catch)
endif()
if(MATCHER_BENCHMARKS)
  matcher_find(benchmark "Google Benchmark" libbenchmark-dev)
endif()

# LibTorch's CMake package appends warning and ABI flags to CMAKE_CXX_FLAGS; we carry them to the one plugin that needs them.
set(_flags "${CMAKE_CXX_FLAGS}")
# A LibTorch with CUDA asks for GPU architectures, and looks for a GPU where none is named; nothing of ours is compiled for one.
if(NOT DEFINED TORCH_CUDA_ARCH_LIST AND NOT DEFINED ENV{TORCH_CUDA_ARCH_LIST})
  set(TORCH_CUDA_ARCH_LIST "9.0")
endif()
find_package(Torch QUIET)
matcher_need(Torch_FOUND "LibTorch" "libtorch-dev, or pip install torch and give CMAKE_PREFIX_PATH its torch.utils.cmake_prefix_path")
set(CMAKE_CXX_FLAGS "${_flags}")
if(MATCHER_CUDA AND NOT TARGET torch_cuda)
  message(FATAL_ERROR "The LibTorch of ${TORCH_INSTALL_PREFIX} has no CUDA. "
    "Install one that has (pip install torch), and give CMAKE_PREFIX_PATH its torch.utils.cmake_prefix_path")
endif()
