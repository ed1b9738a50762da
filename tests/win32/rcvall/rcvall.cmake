# An emulation of what Wine lacks: raw sockets of all of IP, and SIO_RCVALL. Test code, see rcvall.c. Included by
# tests/CMakeLists.txt for Windows. It needs a Linux host with a compiler of its own, and 64-bit Wine.

set(rcvall_folder "${CMAKE_CURRENT_SOURCE_DIR}/win32/rcvall")
find_program(PORTSOCK_HOST_CC NAMES cc gcc clang DOC "Compiles programs for this machine")

portsock_add_injected_dll(rcvall
    LIBRARIES iphlpapi
    SOURCES
    "${rcvall_folder}/rcvall.c"
    "${rcvall_folder}/conditions.c"
    "${rcvall_folder}/hooks.c"
    "${rcvall_folder}/interfaces.c"
    "${rcvall_folder}/sockets.c")

set(suite_name rcvall_rules)
set(suite_declarations "void add_rules_tests(Suite *suite);\n")
set(suite_calls "    add_rules_tests(suite);\n")
set(suite_after_test NULL)
set(rcvall_captures)
if(PORTSOCK_CAPTURE)
    set(rcvall_captures "${rcvall_folder}/captures.c")
    string(APPEND suite_declarations "void add_captures_tests(Suite *suite);\n")
    string(APPEND suite_calls "    add_captures_tests(suite);\n")
endif()
configure_file(suite_list.c.in "${CMAKE_CURRENT_BINARY_DIR}/rcvall_rules_list.c" @ONLY)
add_executable(rcvall_rules "${rcvall_folder}/rules.c" ${rcvall_captures} $<TARGET_OBJECTS:suite_support>
    "${CMAKE_CURRENT_BINARY_DIR}/rcvall_rules_list.c")
target_link_libraries(rcvall_rules PRIVATE portsock::portsock portsock::check Threads::Threads)
if(PORTSOCK_CAPTURE)
    target_link_libraries(rcvall_rules PRIVATE portsock::capture)
endif()
portsock_test_program(rcvall_rules)

set(rcvall_relay "${CMAKE_CURRENT_BINARY_DIR}/rcvall_relay")
if(CMAKE_HOST_SYSTEM_NAME STREQUAL "Linux" AND PORTSOCK_HOST_CC AND CMAKE_SIZEOF_VOID_P EQUAL 8 AND can_run AND NOT BUILD_SHARED_LIBS)
    add_custom_command(OUTPUT "${rcvall_relay}"
        COMMAND "${PORTSOCK_HOST_CC}" -std=c11 -D_GNU_SOURCE -O1 -o "${rcvall_relay}" "${rcvall_folder}/relay.c"
        DEPENDS "${rcvall_folder}/relay.c" "${rcvall_folder}/wire.h"
        VERBATIM)
    add_custom_target(make_rcvall_relay ALL DEPENDS "${rcvall_relay}")

    add_test(NAME rcvall.rules COMMAND sh "${rcvall_folder}/rules.sh"
        "${rcvall_relay}" $<TARGET_FILE:rcvall_launch> $<TARGET_FILE:rcvall_rules>)
    set_tests_properties(rcvall.rules PROPERTIES TIMEOUT 600 COST 50 SKIP_RETURN_CODE 77 LABELS rcvall ${needs_first})

    if(PORTSOCK_EXAMPLES AND PORTSOCK_CAPTURE AND PORTSOCK_TOOLS)
        add_test(NAME rcvall.sniff COMMAND sh "${rcvall_folder}/sniff.sh" "${rcvall_relay}" $<TARGET_FILE:rcvall_launch>
            "${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/portsock-sniff.exe" "${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/sniffer_windows.exe")
        set_tests_properties(rcvall.sniff PROPERTIES TIMEOUT 600 COST 50 SKIP_RETURN_CODE 77 LABELS rcvall ${needs_first})

        # What Windows is documented to do, one test each.
        foreach(behavior
                alias firewall_policy fragments header_option interface_not_present interface_off interface_removed
                ip_level ipv6_headers ipv6_payloads offload offload_ipv6 own_packets several_handles)
            add_test(NAME rcvall.${behavior} COMMAND sh "${rcvall_folder}/behavior.sh" "${rcvall_relay}"
                $<TARGET_FILE:rcvall_launch> "${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/portsock-sniff.exe" ${behavior})
            set_tests_properties(rcvall.${behavior} PROPERTIES
                TIMEOUT 300 SKIP_RETURN_CODE 77 LABELS rcvall ${needs_first})
        endforeach()
    endif()
endif()
