# Installs the build folder BUILD into PREFIX, component by component, and checks what each contains.
cmake_minimum_required(VERSION 3.25)
file(REMOVE_RECURSE "${PREFIX}")

# Fails unless all names of installed files match `pattern`, and `file` is one of them.
function(install_component component pattern file)
  execute_process(COMMAND "${CMAKE_COMMAND}" --install "${BUILD}" --component ${component} --prefix "${PREFIX}/${component}"
    OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
  file(GLOB_RECURSE installed RELATIVE "${PREFIX}/${component}" "${PREFIX}/${component}/*")
  set(odd ${installed})
  list(FILTER odd EXCLUDE REGEX "${pattern}")
  if(odd OR NOT file IN_LIST installed)
    message(SEND_ERROR "component ${component} lacks ${file}, or has files of another: ${odd}")
  endif()
  file(COPY "${PREFIX}/${component}/" DESTINATION "${PREFIX}")
  file(REMOVE_RECURSE "${PREFIX}/${component}")
endfunction()

install_component(runtime "^bin/matcher[a-z-]*$|^lib.*/matcher/libmatcher_[a-z_]+\\.so$|^share/" bin/matcher)
install_component(dev "^include/matcher/[a-z]+/[a-z0-9_]+\\.hpp$|^lib.*/matcher/libmatcher_[a-z]+\\.a$|^lib.*/cmake/matcher/[A-Za-z-]+\\.cmake$"
  include/matcher/core/version.hpp)
