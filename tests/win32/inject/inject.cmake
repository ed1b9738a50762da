# Test code for unchanged programs and DLLs: a DLL that stands in front of functions of Windows, and a program that starts
# another one with it.

set(inject_folder "${CMAKE_CURRENT_LIST_DIR}")

# portsock_add_injected_dll(NAME LIBRARIES library... SOURCES file...): NAME.dll and NAME_launch.exe.
function(portsock_add_injected_dll name)
    cmake_parse_arguments(PARSE_ARGV 1 dll "" "" "LIBRARIES;SOURCES")
    add_library(${name} MODULE ${dll_SOURCES} "${inject_folder}/imports.c")
    set_target_properties(${name} PROPERTIES PREFIX "" LIBRARY_OUTPUT_DIRECTORY "${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
    add_executable(${name}_launch "${inject_folder}/launch.c")
    target_compile_definitions(${name}_launch PRIVATE LAUNCH_DLL="${name}.dll")
    foreach(target ${name} ${name}_launch)
        portsock_test_program(${target})
        target_link_options(${target} PRIVATE -static)
    endforeach()
    target_link_libraries(${name} PRIVATE ${dll_LIBRARIES})
endfunction()
