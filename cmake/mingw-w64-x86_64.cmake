# Cross compiles for 64-bit Windows; runs the tests under Wine where there is one.
set(portsock_mingw_triplet x86_64-w64-mingw32)
include("${CMAKE_CURRENT_LIST_DIR}/mingw-w64.cmake")

find_program(PORTSOCK_WINE NAMES wine wine64 DOC "Runs 64-bit Windows programs")
if(PORTSOCK_WINE)
    set(CMAKE_CROSSCOMPILING_EMULATOR "${CMAKE_CURRENT_LIST_DIR}/wine.sh")
endif()
