# The target windows-check: one zip with the tests for a Windows that has no compiler and no shell.
# Included by tests/CMakeLists.txt for Windows, after the suites.

# The suites that a Windows itself can run, in this order.
set(check_suites conformance endings_tests capture_tests windows_tests internal_tests raw_tests
    fake_tests heavy_tests)
# The others: behavior_tests simulates what Windows itself does; net_tests needs a network made by
# Linux.
set(check_others behavior_tests net_tests)

set(check_folder "${CMAKE_CURRENT_SOURCE_DIR}/win32/check")
set(check_name "portsock-windows-check-${CMAKE_SYSTEM_PROCESSOR}")
set(check_zip "${PROJECT_BINARY_DIR}/${check_name}.zip")

add_executable(windows_check
    "${check_folder}/windows_check.c"
    "${check_folder}/child.c"
    "${check_folder}/group.c"
    "${check_folder}/list.c"
    "${check_folder}/machine.c"
    "${check_folder}/redact.c"
    "${check_folder}/results.c")
portsock_test_program(windows_check)

get_property(suites GLOBAL PROPERTY portsock_suites)
foreach(suite IN LISTS suites)
    if(NOT suite IN_LIST check_suites AND NOT suite IN_LIST check_others)
        message(FATAL_ERROR "check.cmake does not say whether Windows itself can run ${suite}")
    endif()
endforeach()

set(check_lines "")
set(check_targets windows_check)
foreach(suite IN LISTS check_suites)
    if(TARGET ${suite})
        get_property(lines GLOBAL PROPERTY portsock_lines_${suite})
        string(APPEND check_lines "${lines}")
        list(APPEND check_targets ${suite})
    endif()
endforeach()
if(PORTSOCK_EXAMPLES)
    # windows_tests starts the first two.
    list(APPEND check_targets inetd_echo share_child sniffer_windows)
endif()
if(PORTSOCK_CAPTURE AND PORTSOCK_TOOLS)
    list(APPEND check_targets portsock-sniff)
endif()
if(BUILD_SHARED_LIBS)
    list(APPEND check_targets portsock)
    if(PORTSOCK_CAPTURE)
        list(APPEND check_targets portsock_capture)
    endif()
endif()
list(TRANSFORM check_targets REPLACE "^(.+)$" "$<TARGET_FILE:\\1>" OUTPUT_VARIABLE check_files)

# A native compiler's own DLLs are beside it; a cross compiler's beside its libgcc.
get_filename_component(check_compiler_directory "${CMAKE_C_COMPILER}" DIRECTORY)
set(check_dll_directories "${check_compiler_directory}")
if(CMAKE_C_COMPILER_ID MATCHES "GNU|Clang")
    execute_process(COMMAND "${CMAKE_C_COMPILER}" -print-libgcc-file-name
        OUTPUT_VARIABLE libgcc OUTPUT_STRIP_TRAILING_WHITESPACE)
    get_filename_component(libgcc_directory "${libgcc}" DIRECTORY)
    list(APPEND check_dll_directories "${libgcc_directory}")
endif()

set(check_settings "${CMAKE_CURRENT_BINARY_DIR}/windows-check-$<CONFIG>.cmake")
file(GENERATE OUTPUT "${check_settings}" CONTENT "# Made by the build.
set(source [==[${PROJECT_SOURCE_DIR}]==])
set(zip [==[${check_zip}]==])
set(stage [==[${CMAKE_CURRENT_BINARY_DIR}/windows-check/${check_name}]==])
set(files [==[${check_files}]==])
set(tests [==[${check_lines}]==])
set(version [==[${PROJECT_VERSION}]==])
set(compiler [==[${CMAKE_C_COMPILER_ID} ${CMAKE_C_COMPILER_VERSION}]==])
set(processor [==[${CMAKE_SYSTEM_PROCESSOR}]==])
set(strip [==[${CMAKE_STRIP}]==])
set(objdump [==[${CMAKE_OBJDUMP}]==])
set(dll_directories [==[${check_dll_directories}]==])
")
add_custom_target(windows-check
    COMMAND "${CMAKE_COMMAND}" -D "settings=${check_settings}" -P "${check_folder}/make_zip.cmake"
    COMMENT "Making ${check_zip}"
    VERBATIM)
add_dependencies(windows-check ${check_targets})

# The i386 Debian of 32-bit Wine sees the sources only, not where these scripts write.
if(CMAKE_HOST_UNIX AND can_run AND CMAKE_SIZEOF_VOID_P EQUAL 8)
    # What the runner does with tests that fail, hang, crash and the like.
    add_executable(check_sample "${check_folder}/check_sample.c")
    portsock_test_program(check_sample)
    add_test(NAME windows_check.runner COMMAND sh "${check_folder}/runner.sh"
        $<TARGET_FILE:windows_check> $<TARGET_FILE:check_sample> ${CMAKE_CROSSCOMPILING_EMULATOR})
    set_tests_properties(windows_check.runner PROPERTIES
        TIMEOUT 120 LABELS windows_check ${needs_first})

    add_test(NAME windows_check.zip COMMAND sh "${check_folder}/zip.sh"
        "${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}" "${check_zip}"
        ${CMAKE_CROSSCOMPILING_EMULATOR})
    set_tests_properties(windows_check.zip PROPERTIES
        TIMEOUT 3600 COST 50 LABELS windows_check ${needs_first})
endif()
