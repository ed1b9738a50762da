# Writes down what the scripts in house/ and consumer/ look at; some of it is known only after generation.
# test_settings is the file, for a shell to read.

set(test_settings "${CMAKE_CURRENT_BINARY_DIR}/settings-$<CONFIG>.sh")

# The C++ compiler of the same make: gcc's is g++, clang's is clang++.
string(REGEX REPLACE "clang([^/]*)$" "clang++\\1" cxx "${CMAKE_C_COMPILER}")
string(REGEX REPLACE "gcc([^/]*)$" "g++\\1" cxx "${cxx}")

set(platform posix)
if(WIN32)
    set(platform windows)
endif()

# Without captures these are empty.
set(capture_library "")
set(capture_objects "")
if(PORTSOCK_CAPTURE)
    set(capture_library "$<TARGET_FILE:portsock_capture>")
    set(capture_objects "$<JOIN:$<TARGET_OBJECTS:portsock_capture>,\n>")
endif()

file(GENERATE OUTPUT "${test_settings}" CONTENT "# Made by the build.
root='${PROJECT_SOURCE_DIR}'
build='${PROJECT_BINARY_DIR}'
platform='${platform}'
shared='$<BOOL:${BUILD_SHARED_LIBS}>'
library='$<TARGET_FILE:portsock>'
objects='$<JOIN:$<TARGET_OBJECTS:portsock>,\n>'
capture_library='${capture_library}'
capture_objects='${capture_objects}'
tools='$<AND:$<BOOL:${PORTSOCK_CAPTURE}>,$<BOOL:${PORTSOCK_TOOLS}>>'
programs='${CMAKE_RUNTIME_OUTPUT_DIRECTORY}'
cc='${CMAKE_C_COMPILER}'
cxx='${cxx}'
nm='${CMAKE_NM}'
objdump='${CMAKE_OBJDUMP}'
emulator='${CMAKE_CROSSCOMPILING_EMULATOR}'
")
