# What a program pays for the library in its file and at its start. Included by tests/CMakeLists.txt.

# The functions that a program does not use are not in it.
function(portsock_add_small_program target source)
    add_executable(${target} size/${source}.c)
    target_link_libraries(${target} PRIVATE portsock::portsock)
    target_link_options(${target} PRIVATE -Wl,--gc-sections)
    portsock_test_program(${target})
    target_compile_options(${target} PRIVATE -O2) # as its users do, other than the tests
endfunction()

# Static programs, stripped, with the C library in them.
if(CMAKE_C_COMPILER MATCHES "-linux-musl-gcc$" AND NOT BUILD_SHARED_LIBS)
    portsock_add_small_program(size_literal echo_server)
    portsock_add_small_program(size_names echo_server)
    target_compile_definitions(size_names PRIVATE SIZE_NAMES)
    # The second, with lookups, has no goal: it is to stay as it is.
    foreach(limit IN ITEMS literal=65536 names=92160)
        string(REGEX MATCH "^(.+)=(.+)$" matched ${limit})
        target_link_options(size_${CMAKE_MATCH_1} PRIVATE -s)
        add_test(NAME size.static_${CMAKE_MATCH_1} COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/size/size.sh"
            $<TARGET_FILE:size_${CMAKE_MATCH_1}> ${CMAKE_MATCH_2})
        set_tests_properties(size.static_${CMAKE_MATCH_1} PROPERTIES TIMEOUT 60 LABELS size)
    endforeach()
endif()

if(PORTSOCK_BENCH_TESTS AND CMAKE_SYSTEM_NAME STREQUAL "Linux" AND NOT BUILD_SHARED_LIBS AND NOT CMAKE_CROSSCOMPILING)
    portsock_add_small_program(start_portsock echo_server)
    portsock_add_small_program(start_raw raw_server)
    set_target_properties(start_portsock start_raw PROPERTIES POSITION_INDEPENDENT_CODE ON)
    add_test(NAME size.startup COMMAND python3 "${CMAKE_CURRENT_SOURCE_DIR}/size/startup.py"
        $<TARGET_FILE:start_portsock> $<TARGET_FILE:start_raw> 1000)
    set_tests_properties(size.startup PROPERTIES TIMEOUT 120 LABELS bench)
endif()
