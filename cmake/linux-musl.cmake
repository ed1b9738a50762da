# Compiles with musl instead of the machine's own C library; the programs are static, and run here.
cmake_host_system_information(RESULT CMAKE_SYSTEM_PROCESSOR QUERY OS_PLATFORM)
set(CMAKE_SYSTEM_NAME Linux)
set(portsock_musl_triplet ${CMAKE_SYSTEM_PROCESSOR}-linux-musl)
set(CMAKE_C_COMPILER ${portsock_musl_triplet}-gcc)

# The compiler is the machine's own gcc and does not tell that it is another; the kernel's headers are musl's neither.
set(portsock_check_triplet ${portsock_musl_triplet})
execute_process(COMMAND gcc -print-multiarch OUTPUT_VARIABLE multiarch OUTPUT_STRIP_TRAILING_WHITESPACE)
set(CMAKE_C_FLAGS_INIT "-idirafter /usr/include -idirafter /usr/include/${multiarch}")
set(CMAKE_EXE_LINKER_FLAGS_INIT -static)
set(CMAKE_CROSSCOMPILING_EMULATOR env)
