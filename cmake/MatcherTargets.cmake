# Functions that add layers and tests. A layer is a static library `matcher_<name>`, installed as `matcher::<name>`.

add_library(matcher_options INTERFACE)
target_compile_options(matcher_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual)
if(MATCHER_WERROR)
  target_compile_options(matcher_options INTERFACE -Werror)
endif()
if(MATCHER_SANITIZE)
  target_compile_options(matcher_options INTERFACE -fsanitize=${MATCHER_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=undefined)
  target_link_options(matcher_options INTERFACE -fsanitize=${MATCHER_SANITIZE})
endif()

if(MATCHER_FUZZ)
  target_compile_options(matcher_options INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(matcher_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# Layers, what they use and their rooms, for the check of the include rules (tests/cli/layers.py).
set(MATCHER_LAYERS_FILE "${PROJECT_BINARY_DIR}/layers.txt")
file(WRITE "${MATCHER_LAYERS_FILE}" "")

# matcher_add_layer(NAME USES layer... ROOMS folder... SOURCES file... PRIVATE library...)
#   USES     layers whose faces this layer may include
#   ROOMS    private folders, lowest first; a room may include the rooms before it. Folders with targets of their own count
#   PRIVATE  third-party libraries, hidden from users of the layer
# Headers directly in the layer's folder are its face. They are installed; nothing else is.
function(matcher_add_layer name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES;ROOMS;PRIVATE" ${ARGN})
  add_library(matcher_${name} STATIC ${ARG_SOURCES})
  target_include_directories(matcher_${name} PUBLIC "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/lib>"
    "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
  set(uses ${ARG_USES})
  list(TRANSFORM uses PREPEND "matcher_")
  # Users of an installed archive need no package that consists of headers.
  list(TRANSFORM ARG_PRIVATE REPLACE "^nlohmann_json::nlohmann_json$" "$<BUILD_INTERFACE:nlohmann_json::nlohmann_json>")
  target_link_libraries(matcher_${name} PUBLIC ${uses} PRIVATE $<BUILD_INTERFACE:matcher_options> ${ARG_PRIVATE})

  list(JOIN ARG_USES " " uses)
  list(JOIN ARG_ROOMS " " rooms)
  file(APPEND "${MATCHER_LAYERS_FILE}" "${name} uses ${uses} rooms ${rooms}\n")

  file(GLOB face CONFIGURE_DEPENDS *.hpp)
  install(FILES ${face} DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/matcher/${name}" COMPONENT dev)
  set_target_properties(matcher_${name} PROPERTIES EXPORT_NAME ${name})
  install(TARGETS matcher_${name} EXPORT matcher ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}/matcher" COMPONENT dev)
endfunction()

# matcher_add_test(NAME SOURCES file... USES layer... PRIVATE library... DEFINES macro... LABELS label)
# One executable per layer: a change relinks only the tests of its layer and of the layers above.
function(matcher_add_test name)
  cmake_parse_arguments(ARG "" "LABELS" "SOURCES;USES;PRIVATE;DEFINES" ${ARGN})
  add_executable(${name}_test ${ARG_SOURCES})
  target_include_directories(${name}_test PRIVATE "${PROJECT_SOURCE_DIR}/lib" "${PROJECT_SOURCE_DIR}/tests")
  list(TRANSFORM ARG_USES PREPEND "matcher_")
  target_link_libraries(${name}_test PRIVATE ${ARG_USES} ${ARG_PRIVATE} matcher_options Catch2::Catch2WithMain)
  target_compile_definitions(${name}_test PRIVATE MATCHER_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data" ${ARG_DEFINES})
  set(labels)
  if(ARG_LABELS)
    set(labels LABELS ${ARG_LABELS})
  endif()
  catch_discover_tests(${name}_test TEST_PREFIX "${name}: " DISCOVERY_MODE PRE_TEST
    PROPERTIES SKIP_REGULAR_EXPRESSION "SKIPPED:" TIMEOUT 300 ${labels})
endfunction()
