# Projects of somebody else, built against the library in each way that a project can find it, and run.
# Included by tests/CMakeLists.txt.

# The settings of this build that such a project would share.
set(consumer_options -G "${CMAKE_GENERATOR}" "-DBUILD_SHARED_LIBS=${BUILD_SHARED_LIBS}" "-DCAPTURE=${PORTSOCK_CAPTURE}")
if(CMAKE_TOOLCHAIN_FILE)
    list(APPEND consumer_options "-DCMAKE_TOOLCHAIN_FILE=${CMAKE_TOOLCHAIN_FILE}")
else()
    list(APPEND consumer_options "-DCMAKE_C_COMPILER=${CMAKE_C_COMPILER}")
endif()

# A project that takes the sources builds a library of its own, so those ways are tested with one kind of library; and
# where compiling is slow only by FetchContent, which ends in add_subdirectory.
set(consumer_ways find_package pkg_config)
if(NOT BUILD_SHARED_LIBS)
    list(APPEND consumer_ways moved fetchcontent)
endif()
if(NOT BUILD_SHARED_LIBS AND NOT CMAKE_CROSSCOMPILING)
    list(APPEND consumer_ways subdirectory)
endif()

foreach(way IN LISTS consumer_ways)
    add_test(NAME consumer.${way}
        COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/consumer/run.sh" "${test_settings}" ${way} ${consumer_options})
    set_tests_properties(consumer.${way} PROPERTIES TIMEOUT 900 COST 200 LABELS consumer ${needs_first})
endforeach()

# Without CMake: the sources and the compiler alone.
if(NOT BUILD_SHARED_LIBS)
    set(counts)
    if(PORTSOCK_BENCH_TESTS)
        set(counts counts)
    endif()
    add_test(NAME consumer.plain
        COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/consumer/plain.sh" "${test_settings}" ${counts})
    set_tests_properties(consumer.plain PROPERTIES TIMEOUT 900 COST 200 LABELS consumer ${needs_first})
endif()
