# How a layer, a plugin and a test are added. A layer is a static library `matcher_<name>`; what it may use is what it
# names under USES (layers, seen by its users) and PRIVATE (third-party libraries, hidden from them).

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

function(matcher_add_layer name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES;ROOMS;PRIVATE" ${ARGN})
  add_library(matcher_${name} STATIC ${ARG_SOURCES})
  target_include_directories(matcher_${name} PUBLIC "${PROJECT_SOURCE_DIR}/lib")
  list(TRANSFORM ARG_USES PREPEND "matcher_")
  target_link_libraries(matcher_${name} PUBLIC ${ARG_USES} PRIVATE matcher_options ${ARG_PRIVATE})
endfunction()

# One test executable a layer, so that a change relinks the tests of the layers above it and no others.
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
