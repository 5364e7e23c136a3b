# LibTorch of a Python: PyPI's package torch. Its own CMake package asks for the CUDA toolkit that it was built with, also
# if nothing here uses CUDA. So these targets name the libraries directly.
set(MATCHER_TORCH_PYTHON "" CACHE STRING "A Python whose torch is the LibTorch; empty: find_package(Torch)")
if(MATCHER_TORCH_PYTHON)
  execute_process(COMMAND "${MATCHER_TORCH_PYTHON}" -c
    "import torch, pathlib as p; print(p.Path(torch.__file__).parent, torch.__version__.split('+')[0], int(torch.compiled_with_cxx11_abi()), sep=';')"
    OUTPUT_VARIABLE _torch OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE _failed ERROR_QUIET)
  if(_failed)
    message(FATAL_ERROR "MATCHER_TORCH_PYTHON: \"${MATCHER_TORCH_PYTHON}\" cannot import torch. Install it: "
      "${MATCHER_TORCH_PYTHON} -m pip install torch numpy")
  endif()
  list(GET _torch 0 TORCH_INSTALL_PREFIX)
  list(GET _torch 1 Torch_VERSION)
  list(GET _torch 2 _abi)
  set(TORCH_CXX_FLAGS "-D_GLIBCXX_USE_CXX11_ABI=${_abi}")
  set(TORCH_INCLUDE_DIRS "${TORCH_INSTALL_PREFIX}/include" "${TORCH_INSTALL_PREFIX}/include/torch/csrc/api/include")
  add_library(torch INTERFACE IMPORTED GLOBAL)
  add_library(torch_library INTERFACE IMPORTED GLOBAL)
  set(_folder "${TORCH_INSTALL_PREFIX}/lib")
  # libtorch.so loads the libraries for CUDA, if this torch has them. Nothing here calls it by name.
  set_target_properties(torch_library PROPERTIES INTERFACE_LINK_LIBRARIES
    "-Wl,--no-as-needed,${_folder}/libtorch.so,--as-needed;${_folder}/libtorch_cpu.so;${_folder}/libc10.so")
  set(Torch_FOUND TRUE)
endif()
