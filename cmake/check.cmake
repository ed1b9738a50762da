# portsock::check: the Check library, which the tests use.
#
# A folder made by cmake/build-check.sh is taken when there is one for this compiler: PORTSOCK_CHECK_ROOT, or where
# that script puts it by itself. Else pkg-config is asked. A cross compiler needs the folder.

set(check_cache "$ENV{PORTSOCK_CACHE}")
if(NOT check_cache AND DEFINED ENV{XDG_CACHE_HOME})
    set(check_cache "$ENV{XDG_CACHE_HOME}/portsock")
elseif(NOT check_cache)
    set(check_cache "$ENV{HOME}/.cache/portsock")
endif()
if(portsock_check_triplet)
    set(check_default "${check_cache}/check-${portsock_check_triplet}")
elseif(CMAKE_CROSSCOMPILING)
    execute_process(COMMAND ${CMAKE_C_COMPILER} -dumpmachine
        OUTPUT_VARIABLE check_triplet OUTPUT_STRIP_TRAILING_WHITESPACE)
    set(check_default "${check_cache}/check-${check_triplet}")
else()
    set(check_default "")
endif()
set(PORTSOCK_CHECK_ROOT "${check_default}" CACHE PATH "The folder that cmake/build-check.sh made")

add_library(portsock_check INTERFACE)
add_library(portsock::check ALIAS portsock_check)
if(PORTSOCK_CHECK_ROOT)
    if(NOT EXISTS "${PORTSOCK_CHECK_ROOT}/lib/libcheck.a")
        message(FATAL_ERROR
            "There is no Check library in ${PORTSOCK_CHECK_ROOT}. Make one with\n"
            "    sh cmake/build-check.sh ${check_triplet}\n"
            "or configure with -DPORTSOCK_TESTS=OFF.")
    endif()
    target_include_directories(portsock_check SYSTEM INTERFACE "${PORTSOCK_CHECK_ROOT}/include")
    target_link_libraries(portsock_check INTERFACE "${PORTSOCK_CHECK_ROOT}/lib/libcheck.a")
    if(WIN32)
        # Check uses threads; their library goes into the program, so that no DLL is needed beside it.
        find_library(PORTSOCK_MINGW_PTHREAD NAMES libpthread.a REQUIRED)
        target_link_libraries(portsock_check INTERFACE "${PORTSOCK_MINGW_PTHREAD}")
        # Check prints with %jd, which only MinGW's own printf knows.
        target_compile_definitions(portsock_check INTERFACE __USE_MINGW_ANSI_STDIO=1)
    else()
        target_link_libraries(portsock_check INTERFACE pthread rt m)
    endif()
else()
    find_package(PkgConfig REQUIRED)
    pkg_check_modules(PORTSOCK_CHECK REQUIRED IMPORTED_TARGET check)
    target_link_libraries(portsock_check INTERFACE PkgConfig::PORTSOCK_CHECK)
endif()
