# behavior_tests: the conformance suite, and tests of its own, over Windows as it is documented; see layer.h. Included by
# tests/CMakeLists.txt for Windows. Every test runs once a profile, as "PROFILE/file.TEST".

set(behavior_folder "${CMAKE_CURRENT_SOURCE_DIR}/win32/behavior")

# The names of a table of the layer: NAME or "name" of each line that begins so.
function(portsock_read_names file begin result)
    file(STRINGS "${behavior_folder}/${file}" lines REGEX "^${begin}\\(")
    list(TRANSFORM lines REPLACE "^${begin}\\(\"?([a-z0-9_.-]+).*$" "\\1")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${behavior_folder}/${file}")
    set(${result} "${lines}" PARENT_SCOPE)
endfunction()

portsock_read_names(rules.def RULE rule_files)
portsock_read_names(profiles.def PROFILE profiles)
list(REMOVE_ITEM rule_files records)
list(TRANSFORM rule_files PREPEND rules/)
list(TRANSFORM rule_files APPEND .c)

list(TRANSFORM rule_files PREPEND "${behavior_folder}/")
add_library(behavior_layer OBJECT
    "${behavior_folder}/layer.c"
    "${behavior_folder}/records.c"
    "${behavior_folder}/port_table.c"
    ${rule_files})
portsock_test_program(behavior_layer)
if(PORTSOCK_PRECOMPILE)
    target_precompile_headers(behavior_layer PRIVATE "${behavior_folder}/layer.h")
endif()

# What is not linked with the layer, DLLs and programs, gets it when it is loaded (inject.c).
portsock_add_injected_dll(behavior
    LIBRARIES iphlpapi advapi32 ntdll
    SOURCES "${behavior_folder}/inject.c" $<TARGET_OBJECTS:behavior_layer>)

if(NOT BUILD_SHARED_LIBS)
    set(capture_files)
    if(PORTSOCK_CAPTURE)
        set(capture_files firewall)
    endif()
    portsock_add_suite(behavior_tests win32/behavior
        ELSEWHERE # below
        WITH conformance endings_tests
        APART ALL # they count the calls of the process
        TESTS
        background_lookups
        behavior
        close_interrupted
        datagram_refused
        datagrams_together
        driver_answers
        let_through
        ports
        syn_repeats
        waking
        ${capture_files})
    target_sources(behavior_tests PRIVATE $<TARGET_OBJECTS:behavior_layer>)
    target_include_directories(behavior_tests PRIVATE "${PROJECT_SOURCE_DIR}/src") # the contract
    target_link_libraries(behavior_tests PRIVATE ntdll) # which the layer asks for the system's own functions
    if(PORTSOCK_CAPTURE)
        target_link_libraries(behavior_tests PRIVATE portsock::capture)
    endif()
endif()

# portsock_add_profiles(FILE PROGRAM word... APART test... TESTS test...): the tests of a file, under each profile.
function(portsock_add_profiles file)
    cmake_parse_arguments(PARSE_ARGV 1 these "" "" "APART;PROGRAM;TESTS")
    set(program ${CMAKE_CROSSCOMPILING_EMULATOR} ${these_PROGRAM})
    set(together ${these_TESTS})
    list(REMOVE_ITEM together ${these_APART})
    set(apart ${these_TESTS})
    list(REMOVE_ITEM apart ${together})
    list(LENGTH together count)
    math(EXPR patience "(${count} + 1) * 120")
    foreach(profile IN LISTS profiles)
        set(names)
        set(label behavior)
        # The layer in front of a DLL: what the preset of the DLL runs always.
        if(BUILD_SHARED_LIBS AND profile STREQUAL "windows-7" AND file MATCHES "^(close|connect|lookup|traps_bind|traps_connect|traps_transfer)$")
            set(label behavior_dll)
        endif()
        if(together)
            set(entry ${profile}/${file}.c)
            add_test(NAME ${entry} COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/support/together.sh"
                "${CMAKE_CURRENT_BINARY_DIR}/results/${entry}" ${profile}/${file} 120 ${together} -- ${program})
            set_tests_properties(${entry} PROPERTIES TIMEOUT ${patience} COST ${count})
            list(APPEND names ${entry})
        endif()
        foreach(test IN LISTS apart)
            add_test(NAME ${profile}/${file}.${test} COMMAND ${program} ${test})
            set_tests_properties(${profile}/${file}.${test} PROPERTIES TIMEOUT 120 SKIP_RETURN_CODE 77)
            if(file STREQUAL "beside")
                set_tests_properties(${profile}/${file}.${test} PROPERTIES COST 100 TIMEOUT 300)
            endif()
            list(APPEND names ${profile}/${file}.${test})
        endforeach()
        set_tests_properties(${names} PROPERTIES LABELS ${label} ENVIRONMENT PORTSOCK_BEHAVIOR=${profile} ${needs_first})
    endforeach()
endfunction()

if(can_run)
    set(suites conformance endings_tests)
    if(NOT BUILD_SHARED_LIBS)
        list(APPEND suites behavior_tests)
    endif()
    foreach(suite IN LISTS suites)
        set(program $<TARGET_FILE:behavior_tests>)
        if(BUILD_SHARED_LIBS)
            set(program $<TARGET_FILE:behavior_launch> $<TARGET_FILE:${suite}>)
        endif()
        get_property(files GLOBAL PROPERTY portsock_files_${suite})
        get_property(apart GLOBAL PROPERTY portsock_apart_${suite})
        set(folder conformance)
        if(suite STREQUAL "behavior_tests")
            set(folder win32/behavior)
        endif()
        foreach(file IN LISTS files)
            portsock_read_tests("${CMAKE_CURRENT_SOURCE_DIR}/${folder}/${file}.c" tests)
            # Its many short waits take a tick each (rules/ticks.c): its tests wait beside each other.
            if(apart STREQUAL "ALL" OR file STREQUAL "beside")
                set(apart_here ${tests})
            else()
                set(apart_here ${apart})
            endif()
            portsock_add_profiles(${file} PROGRAM ${program} APART ${apart_here} TESTS ${tests})
        endforeach()
    endforeach()
endif()

# Unchanged programs, too.
if(CMAKE_HOST_UNIX AND can_run AND PORTSOCK_EXAMPLES AND NOT BUILD_SHARED_LIBS)
    add_test(NAME behavior_programs.echo COMMAND sh "${behavior_folder}/programs.sh" ${CMAKE_CROSSCOMPILING_EMULATOR}
        $<TARGET_FILE:behavior_launch> $<TARGET_FILE:echo_server> $<TARGET_FILE:echo_client> ${profiles})
    set_tests_properties(behavior_programs.echo PROPERTIES TIMEOUT 300 LABELS windows_tests ${needs_first})
endif()
