# Installs two components. `runtime` has the programs, plugins, configs, datasets, docs and completion. `dev` has the
# faces, archives and CMake package of the library; matcher_add_layer installs its layers. CPack makes two .deb files.

# The library.
include(CMakePackageConfigHelpers)
set(_package "${CMAKE_INSTALL_LIBDIR}/cmake/matcher")
install(FILES "${PROJECT_BINARY_DIR}/generated/matcher/core/version.hpp"
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/matcher/core" COMPONENT dev)
install(EXPORT matcher FILE matcherTargets.cmake NAMESPACE matcher:: DESTINATION "${_package}" COMPONENT dev)
configure_package_config_file(cmake/matcherConfig.cmake.in "${PROJECT_BINARY_DIR}/matcherConfig.cmake"
  INSTALL_DESTINATION "${_package}" PATH_VARS CMAKE_INSTALL_LIBDIR)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/matcherConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/matcherConfig.cmake" "${PROJECT_BINARY_DIR}/matcherConfigVersion.cmake" cmake/FaissWithoutCuda.cmake
  DESTINATION "${_package}" COMPONENT dev)

# Models and datasets. The installed descriptions name scripts/fetch-model by its installed name.
install(DIRECTORY datasets DESTINATION "${CMAKE_INSTALL_DATADIR}/matcher")
install(PROGRAMS scripts/fetch-model RENAME matcher-fetch-model DESTINATION "${CMAKE_INSTALL_BINDIR}")
file(GLOB_RECURSE _configs RELATIVE "${PROJECT_SOURCE_DIR}" CONFIGURE_DEPENDS configs/*.yaml)
foreach(_config IN LISTS _configs)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${_config}")
  file(READ "${_config}" _text)
  string(REPLACE "scripts/fetch-model" "matcher-fetch-model" _text "${_text}")
  file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/installed/${_config}" CONTENT "${_text}" @ONLY)
endforeach()
install(DIRECTORY "${PROJECT_BINARY_DIR}/installed/configs" DESTINATION "${CMAKE_INSTALL_DATADIR}/matcher")

# Documentation, manual and completion. The pages keep their places, so that links between them work.
install(FILES README.md CONTRIBUTING.md CHANGELOG.md LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(DIRECTORY docs/ DESTINATION "${CMAKE_INSTALL_DOCDIR}/docs")
install(FILES "${PROJECT_BINARY_DIR}/completion.bash" RENAME matcher
  DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
install(FILES "${PROJECT_BINARY_DIR}/completion.zsh" RENAME _matcher
  DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions")
install(FILES "${PROJECT_BINARY_DIR}/completion.fish" RENAME matcher.fish
  DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d")
install(DIRECTORY "${PROJECT_BINARY_DIR}/manual/" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_VENDOR "matcher")
set(CPACK_PACKAGE_CONTACT "The matcher developers <developers@matcher.example>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_COMPONENTS_ALL runtime dev)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME matcher)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION science)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_DEPENDS libopenblas0)  # opened at run time, so shlibdeps does not see it
set(CPACK_DEBIAN_RUNTIME_PACKAGE_RECOMMENDS curl)
set(CPACK_DEBIAN_DEV_PACKAGE_NAME matcher-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "matcher (= ${PROJECT_VERSION}), libfaiss-dev, libopenblas-dev, libdnnl-dev, libfmt-dev, \
libyaml-cpp-dev, libsimdjson-dev, libminizip-dev, libjpeg62-turbo-dev, libpng-dev, libtiff-dev, libwebp-dev, zlib1g-dev, libutf8proc-dev, libsentencepiece-dev, libcurl4-openssl-dev")
include(CPack)
