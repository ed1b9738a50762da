# portsock_strict_warnings(TARGET): portsock's own sources are clean of these, and stay so. Never exported: who uses
# the library has warnings of their own.
function(portsock_strict_warnings target)
    if(PORTSOCK_WARNINGS_AS_ERRORS)
        target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
    endif()
endfunction()
