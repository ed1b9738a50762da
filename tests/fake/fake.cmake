# The third backend: the library of src/common over a scripted system (fake/backend), and its tests.
# Included by tests/CMakeLists.txt.

list(TRANSFORM portsock_common PREPEND "${PROJECT_SOURCE_DIR}/" OUTPUT_VARIABLE fake_common)
foreach(family IN LISTS portsock_families)
    list(APPEND fake_common "${PROJECT_SOURCE_DIR}/src/common/absent/${family}.c")
endforeach()

# The library's heap is the fake's (seams.h); the fake's own is the system's.
add_library(portsock_fake_common OBJECT ${fake_common})
portsock_compile_as_library(portsock_fake_common)
target_include_directories(portsock_fake_common PRIVATE "${PROJECT_SOURCE_DIR}/include")
set(fake_seams "${CMAKE_CURRENT_SOURCE_DIR}/fake/backend/seams.h")
if(PORTSOCK_PRECOMPILE)
    target_precompile_headers(portsock_fake_common PRIVATE "${fake_seams}") # a compiler takes what is precompiled first only
else()
    target_compile_options(portsock_fake_common PRIVATE -include "${fake_seams}")
endif()

add_library(portsock_fake STATIC
    $<TARGET_OBJECTS:portsock_fake_common>
    fake/backend/clock.c
    fake/backend/error.c
    fake/backend/families.c
    fake/backend/io.c
    fake/backend/lock.c
    fake/backend/memory.c
    fake/backend/message.c
    fake/backend/notifier.c
    fake/backend/option.c
    fake/backend/process.c
    fake/backend/resolve.c
    fake/backend/script.c
    fake/backend/sockets.c
    fake/backend/wait.c)
portsock_compile_as_library(portsock_fake)
target_include_directories(portsock_fake
    PUBLIC "${PROJECT_SOURCE_DIR}/include" "${PROJECT_SOURCE_DIR}/src/common" fake/backend support)
target_link_libraries(portsock_fake PUBLIC portsock::check)

portsock_add_suite(fake_tests fake LIBRARY portsock_fake PREFIX fake AFTER_TEST fake_after_test TESTS
    accept
    address
    cancel
    candidates
    close
    connect
    connection
    ending
    failure
    fork
    guard
    judge
    lookup
    loop
    message
    name_lookup
    option
    pair
    poll
    port
    resolve
    shortage
    socket
    stream
    transfer)
