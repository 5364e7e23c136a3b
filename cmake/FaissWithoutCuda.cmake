# Removes CUDA from what the target `faiss` links. A program searches on GPUs through the plugin of index/gpu, which
# links CUDA itself, so a program that links a FAISS with GPU support needs no CUDA.
get_target_property(_faiss_links faiss INTERFACE_LINK_LIBRARIES)
list(FILTER _faiss_links EXCLUDE REGEX "CUDA::|cudart|cublas")
set_target_properties(faiss PROPERTIES INTERFACE_LINK_LIBRARIES "${_faiss_links}")
get_target_property(_faiss_configurations faiss IMPORTED_CONFIGURATIONS)
foreach(_configuration IN LISTS _faiss_configurations)
  set_target_properties(faiss PROPERTIES IMPORTED_LINK_INTERFACE_LANGUAGES_${_configuration} CXX)
endforeach()
