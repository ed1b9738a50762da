# Cross compiles for Linux on a big-endian machine, s390x; the programs are static, and run under QEMU where there is one.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR s390x)
set(CMAKE_C_COMPILER s390x-linux-gnu-gcc)

set(CMAKE_FIND_ROOT_PATH /usr/s390x-linux-gnu)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)

set(CMAKE_EXE_LINKER_FLAGS_INIT -static)
find_program(PORTSOCK_QEMU_S390X NAMES qemu-s390x-static qemu-s390x DOC "Runs s390x programs")
if(PORTSOCK_QEMU_S390X)
    set(CMAKE_CROSSCOMPILING_EMULATOR env "TEST_UNDER_QEMU=${PORTSOCK_QEMU_S390X}" "${PORTSOCK_QEMU_S390X}")
endif()
