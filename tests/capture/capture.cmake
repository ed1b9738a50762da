# The files and lines of the library beside those of tcpdump and of Wireshark's tools. Included by tests/CMakeLists.txt.
add_executable(capture_tool capture/capture_tool.c support/packets.c)
target_link_libraries(capture_tool PRIVATE portsock::capture)
portsock_test_program(capture_tool)

set(capture_scripts tcpdump wireshark)
if(NOT WIN32)
    list(APPEND capture_scripts live)
endif()
foreach(script IN LISTS capture_scripts)
    add_test(NAME capture.${script} COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/capture/${script}.sh"
        $<TARGET_FILE:capture_tool> ${CMAKE_CROSSCOMPILING_EMULATOR})
    set_tests_properties(capture.${script} PROPERTIES TIMEOUT 300 COST 20 SKIP_RETURN_CODE 77 LABELS capture ${needs_first})
endforeach()
