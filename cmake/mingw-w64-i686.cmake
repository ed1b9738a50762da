# Cross compiles for 32-bit Windows; runs the tests with the program in PORTSOCK_WINE32, if it is given: a 64-bit
# Debian has no 32-bit Wine (tests/run.sh --wine32 makes one).
set(portsock_mingw_triplet i686-w64-mingw32)
include("${CMAKE_CURRENT_LIST_DIR}/mingw-w64.cmake")

list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES PORTSOCK_WINE32)
if(PORTSOCK_WINE32)
    set(CMAKE_CROSSCOMPILING_EMULATOR "${PORTSOCK_WINE32}")
endif()
