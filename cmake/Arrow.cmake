# Apache Arrow, for Parquet and Arrow files of `matcher import`. Optional: without it the plugin is not built.
# Debian 12 has no package. PyPI's pyarrow carries the headers and the libraries.
set(MATCHER_ARROW_PYTHON "" CACHE STRING "A Python with pyarrow, whose Apache Arrow reads Parquet; empty: no plugin")
set(MATCHER_ARROW_FOUND FALSE)
if(MATCHER_ARROW_PYTHON)
  execute_process(COMMAND "${MATCHER_ARROW_PYTHON}" -c
    "import pyarrow as a; print(a.get_include(), a.get_library_dirs()[0], a.__version__.split('.')[0], sep=';')"
    OUTPUT_VARIABLE _arrow OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE _failed ERROR_QUIET)
  if(_failed)
    message(FATAL_ERROR "MATCHER_ARROW_PYTHON: \"${MATCHER_ARROW_PYTHON}\" cannot import pyarrow. Install it: "
      "${MATCHER_ARROW_PYTHON} -m pip install pyarrow")
  endif()
  list(GET _arrow 0 MATCHER_ARROW_INCLUDE_DIR)
  list(GET _arrow 1 MATCHER_ARROW_LIBRARY_DIR)
  list(GET _arrow 2 _major)
  set(MATCHER_ARROW_LIBRARIES "${MATCHER_ARROW_LIBRARY_DIR}/libarrow.so.${_major}00"
    "${MATCHER_ARROW_LIBRARY_DIR}/libparquet.so.${_major}00")
  foreach(_library ${MATCHER_ARROW_LIBRARIES})
    if(NOT EXISTS "${_library}")
      message(FATAL_ERROR "MATCHER_ARROW_PYTHON: the pyarrow of \"${MATCHER_ARROW_PYTHON}\" has no ${_library}. "
        "Install the wheel of PyPI: ${MATCHER_ARROW_PYTHON} -m pip install --force-reinstall pyarrow")
    endif()
  endforeach()
  set(MATCHER_ARROW_FOUND TRUE)
endif()
