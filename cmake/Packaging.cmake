# Install: the programs, the library's layers and headers, configs, datasets, docs, completion. CPack makes a .deb of it.
set(_layers core image dataset cpu model store index database eval config report run pipeline)
list(TRANSFORM _layers PREPEND "matcher_")
install(TARGETS ${_layers} ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}/matcher")
install(DIRECTORY lib/matcher DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.hpp"
  PATTERN "torch" EXCLUDE PATTERN "opencv" EXCLUDE)
install(FILES "${PROJECT_BINARY_DIR}/generated/matcher/core/version.hpp" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/matcher/core")
install(DIRECTORY datasets DESTINATION "${CMAKE_INSTALL_DATADIR}/matcher")

# scripts/fetch-model is matcher-fetch-model where it is installed, and the descriptions of models name it so.
install(PROGRAMS scripts/fetch-model RENAME matcher-fetch-model DESTINATION "${CMAKE_INSTALL_BINDIR}")
file(GLOB_RECURSE _configs RELATIVE "${PROJECT_SOURCE_DIR}" CONFIGURE_DEPENDS configs/*.yaml)
foreach(_config IN LISTS _configs)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${_config}")
  file(READ "${_config}" _text)
  string(REPLACE "scripts/fetch-model" "matcher-fetch-model" _text "${_text}")
  file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/installed/${_config}" CONTENT "${_text}" @ONLY)
endforeach()
install(DIRECTORY "${PROJECT_BINARY_DIR}/installed/configs" DESTINATION "${CMAKE_INSTALL_DATADIR}/matcher")
install(FILES README.md LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(DIRECTORY docs/ DESTINATION "${CMAKE_INSTALL_DOCDIR}/docs")

install(FILES "${PROJECT_BINARY_DIR}/completion.bash" RENAME matcher
  DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
install(FILES "${PROJECT_BINARY_DIR}/completion.zsh" RENAME _matcher
  DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_VENDOR "matcher")
set(CPACK_PACKAGE_CONTACT "the matcher developers")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS curl)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
include(CPack)
