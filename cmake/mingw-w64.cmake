# What both MinGW-w64 toolchain files share; included by them after portsock_mingw_triplet is set.
set(CMAKE_SYSTEM_NAME Windows)
string(REGEX REPLACE "-.*" "" CMAKE_SYSTEM_PROCESSOR "${portsock_mingw_triplet}")
set(CMAKE_C_COMPILER ${portsock_mingw_triplet}-gcc)
set(CMAKE_CXX_COMPILER ${portsock_mingw_triplet}-g++)
set(CMAKE_RC_COMPILER ${portsock_mingw_triplet}-windres)

set(CMAKE_FIND_ROOT_PATH /usr/${portsock_mingw_triplet})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)

# Programs and DLLs run anywhere, without the compiler's own DLLs beside them.
set(CMAKE_EXE_LINKER_FLAGS_INIT -static-libgcc)
set(CMAKE_SHARED_LINKER_FLAGS_INIT -static-libgcc)
