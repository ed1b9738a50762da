# The examples, each run as the comment at its top shows it (run.py).
set(examples
    cancel_ctrl_c
    chat_server
    chat_server_threads
    dialogue_deadline
    dual_stack_server
    echo_server
    echo_server_dual
    failure_log
    file_server
    graceful_close
    hand_over
    happy_eyeballs
    line_server
    poll_server
    reuseaddr
    udp_ancillary
    udp_echo_many
    unix_echo)

find_package(Python3 COMPONENTS Interpreter)
if(NOT can_run OR NOT Python3_FOUND)
    message(STATUS "The examples are not run: no python3, or no emulator for another system")
    return()
endif()

# What listens on every interface runs in a network of its own, which needs root. The i386 Debian of
# 32-bit Wine cannot be moved into one.
set(of_every_interface dual_stack_server)
if(WIN32 AND CMAKE_SIZEOF_VOID_P EQUAL 4)
    list(REMOVE_ITEM examples ${of_every_interface})
endif()
# A program that QEMU's user emulation runs cannot start another one of its kind.
if(PORTSOCK_QEMU_S390X)
    list(REMOVE_ITEM examples hand_over)
endif()

set(of_windows)
if(WIN32)
    add_executable(ctrl_c examples/ctrl_c.c)
    portsock_test_program(ctrl_c)
    set(of_windows --suffix .exe --ctrl-c $<TARGET_FILE:ctrl_c>)
endif()
foreach(example IN LISTS examples)
    set(network)
    if(example IN_LIST of_every_interface)
        set(network sh "${CMAKE_CURRENT_SOURCE_DIR}/net/in_network.sh")
    endif()
    add_test(NAME examples.${example}
        COMMAND ${network} "${Python3_EXECUTABLE}" "${CMAKE_CURRENT_SOURCE_DIR}/examples/run.py"
            "${PROJECT_SOURCE_DIR}/examples/${example}.c"
            --programs "${CMAKE_RUNTIME_OUTPUT_DIRECTORY}"
            ${of_windows}
            --emulator ${CMAKE_CROSSCOMPILING_EMULATOR})
    set_tests_properties(examples.${example} PROPERTIES
        TIMEOUT 240 SKIP_RETURN_CODE 77 LABELS examples ${needs_first})
endforeach()
