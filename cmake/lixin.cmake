# Warnings, and the two functions that every CMakeLists.txt below src/ calls.

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor
                    -Woverloaded-virtual -Wimplicit-fallthrough -Werror
                    -Wno-missing-field-initializers)  # designated initialisers leave defaults out
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports uninitialised members of std::variant and std::optional that are never read.
  add_compile_options(-Wno-maybe-uninitialized -Wno-restrict)
endif()

define_property(TARGET PROPERTY LIXIN_FLOOR)

# lixin_module(name FLOOR n SOURCES a.cc ... [USES module ...] [LINKS target ...])
# makes the static library lixin_<name>; every *_test.cc of the folder goes into <name>_test, every
# *_fuzz.cc into a libFuzzer target of its own.
function(lixin_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "FLOOR" "SOURCES;USES;LINKS;TEST_LINKS")
  add_library(lixin_${name} STATIC ${arg_SOURCES})
  target_include_directories(lixin_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  set_target_properties(lixin_${name} PROPERTIES LIXIN_FLOOR ${arg_FLOOR})
  foreach(used ${arg_USES})
    get_target_property(floor lixin_${used} LIXIN_FLOOR)
    if(NOT floor LESS ${arg_FLOOR})
      message(FATAL_ERROR
              "module ${name} (floor ${arg_FLOOR}) may not use ${used} (floor ${floor})")
    endif()
    target_link_libraries(lixin_${name} PUBLIC lixin_${used})
  endforeach()
  target_link_libraries(lixin_${name} PUBLIC ${arg_LINKS})
  lixin_tests(${name} LINKS lixin_${name} ${arg_TEST_LINKS})
endfunction()

# lixin_tests(name LINKS target ...): <name>_test of the folder's *_test.cc, and the fuzzers.
# ctest runs the binary once; it prints its own cases when it fails.
function(lixin_tests name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LINKS")
  file(GLOB tests CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*_test.cc)
  if(tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE ${arg_LINKS} GTest::gmock GTest::gtest_main)
    target_compile_definitions(${name}_test PRIVATE LIXIN_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    add_test(NAME ${name} COMMAND ${name}_test)
    set_tests_properties(${name} PROPERTIES TIMEOUT 900 LABELS unit)
  endif()
  file(GLOB fuzzers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*_fuzz.cc)
  if(LIXIN_FUZZERS)
    foreach(source ${fuzzers})
      get_filename_component(fuzzer ${source} NAME_WE)
      add_executable(${fuzzer} ${source})
      target_link_libraries(${fuzzer} PRIVATE ${arg_LINKS})
      target_link_options(${fuzzer} PRIVATE -fsanitize=fuzzer)
      target_compile_definitions(${fuzzer} PRIVATE LIXIN_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    endforeach()
  endif()
endfunction()
