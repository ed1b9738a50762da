# Makes the zip of the target windows-check: cmake -D settings=FILE -P make_zip.cmake
# FILE is what check.cmake wrote. The programs are stripped, since their debugging information is
# larger than they are, and names directories of this machine.
include("${settings}")

# What every Windows has. Any other DLL that a program needs goes into the zip.
set(of_windows "^(api-ms-|ext-ms-).*"
    "^(advapi32|iphlpapi|kernel32|msvcrt|ntdll|shell32|ucrtbase|user32|ws2_32)\\.dll$")

function(put_program file)
    get_filename_component(name "${file}" NAME)
    if(strip)
        execute_process(COMMAND "${strip}" -o "${stage}/programs/${name}" "${file}"
            COMMAND_ERROR_IS_FATAL ANY)
    else()
        file(COPY "${file}" DESTINATION "${stage}/programs")
    endif()
endfunction()

# put_text(FROM TO): a file that a person reads on Windows.
function(put_text from to)
    configure_file("${from}" "${stage}/${to}" @ONLY NEWLINE_STYLE CRLF)
endfunction()

function(put_dlls)
    set(CMAKE_GET_RUNTIME_DEPENDENCIES_PLATFORM windows+pe)
    set(CMAKE_GET_RUNTIME_DEPENDENCIES_TOOL objdump)
    set(CMAKE_GET_RUNTIME_DEPENDENCIES_COMMAND "${objdump}")
    file(GET_RUNTIME_DEPENDENCIES
        EXECUTABLES ${files}
        DIRECTORIES ${dll_directories}
        PRE_EXCLUDE_REGEXES ${of_windows}
        POST_EXCLUDE_REGEXES "[Ss][Yy][Ss][Tt][Ee][Mm]32"
        RESOLVED_DEPENDENCIES_VAR dlls
        UNRESOLVED_DEPENDENCIES_VAR missing)
    if(missing)
        message(FATAL_ERROR "Windows lacks DLLs that are not found here either: ${missing}")
    endif()
    foreach(dll IN LISTS dlls)
        put_program("${dll}")
    endforeach()
endfunction()

# Which sources the programs were made of.
function(describe_commit result)
    set(${result} "no commit" PARENT_SCOPE)
    execute_process(COMMAND git -C "${source}" rev-parse --short=12 HEAD
        OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE status ERROR_QUIET)
    if(NOT status EQUAL 0)
        return()
    endif()
    execute_process(COMMAND git -C "${source}" status --porcelain
        OUTPUT_VARIABLE changes ERROR_QUIET)
    if(changes)
        string(APPEND commit ", changed")
    endif()
    set(${result} "commit ${commit}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE "${stage}")
file(MAKE_DIRECTORY "${stage}/programs")
foreach(file IN LISTS files)
    put_program("${file}")
endforeach()
put_dlls()

describe_commit(commit)
file(WRITE "${stage}.txt"
    "# portsock ${version}, ${commit}\n# built for ${processor} with ${compiler}\n${tests}")
put_text("${stage}.txt" programs/tests.txt)
put_text("${CMAKE_CURRENT_LIST_DIR}/check.cmd" check.cmd)
put_text("${CMAKE_CURRENT_LIST_DIR}/README.txt" README.txt)
put_text("${source}/LICENSE" LICENSE.txt)

get_filename_component(parent "${stage}" DIRECTORY)
get_filename_component(name "${stage}" NAME)
file(REMOVE "${zip}")
execute_process(COMMAND "${CMAKE_COMMAND}" -E tar cf "${zip}" --format=zip "${name}"
    WORKING_DIRECTORY "${parent}" COMMAND_ERROR_IS_FATAL ANY)
message(STATUS "Made ${zip}")
