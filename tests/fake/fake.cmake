# The third backend: the library of src/common over a scripted system (fake/backend), and its tests.
# Included by tests/CMakeLists.txt.

set(fake_common ${portsock_common} ${portsock_family})
list(REMOVE_ITEM fake_common src/family/list.c) # it has a family more: backend/family_list.c
list(TRANSFORM fake_common PREPEND "${PROJECT_SOURCE_DIR}/")
# The families that only some systems have are absent.
set(fake_features PS__HAVE_NETLINK=0 PS__HAVE_TIPC=0 PS__HAVE_PACKET=0 PS__HAVE_VSOCK=0 PS__HAVE_CAN=0
    PS__HAVE_INLINE_BACKEND=0)

# The library's heap is the fake's (seams.h); the fake's own is the system's.
add_library(portsock_fake_common OBJECT ${fake_common})
portsock_compile_as_library(portsock_fake_common)
target_compile_definitions(portsock_fake_common PRIVATE ${fake_features})
target_include_directories(portsock_fake_common PRIVATE "${PROJECT_SOURCE_DIR}/include")
set(fake_seams "${CMAKE_CURRENT_SOURCE_DIR}/fake/backend/seams.h")
if(PORTSOCK_PRECOMPILE)
    target_precompile_headers(portsock_fake_common PRIVATE "${fake_seams}") # a compiler takes what is precompiled first only
else()
    target_compile_options(portsock_fake_common PRIVATE -include "${fake_seams}")
endif()

add_library(portsock_fake STATIC
    $<TARGET_OBJECTS:portsock_fake_common>
    fake/backend/barrier.c
    fake/backend/batch.c
    fake/backend/clock.c
    fake/backend/error.c
    fake/backend/family_list.c
    fake/backend/interface.c
    fake/backend/io.c
    fake/backend/lock.c
    fake/backend/memory.c
    fake/backend/message.c
    fake/backend/notifier.c
    fake/backend/option.c
    fake/backend/poller.c
    fake/backend/process.c
    fake/backend/resolve.c
    fake/backend/script.c
    fake/backend/sockets.c
    fake/backend/wait.c)
portsock_compile_as_library(portsock_fake)
portsock_name_sources_shortly(portsock_fake)
target_compile_definitions(portsock_fake PRIVATE ${fake_features})
target_compile_definitions(portsock_fake PUBLIC PS__HAVE_INLINE_BACKEND=0) # of the tests, too
target_include_directories(portsock_fake
    PUBLIC "${PROJECT_SOURCE_DIR}/include" "${PROJECT_SOURCE_DIR}/src" fake/backend support)
target_link_libraries(portsock_fake PUBLIC portsock::check)

# Sockets have owners on Linux only, and not under ThreadSanitizer (src/config.h).
set(owner owner)
if(WIN32 OR CMAKE_C_FLAGS MATCHES "-fsanitize=thread")
    set(owner)
endif()
portsock_add_suite(fake_tests fake LIBRARY portsock_fake PREFIX fake AFTER_TEST fake_after_test TESTS
    accept
    address
    batch
    cancel
    candidates
    close
    connect
    connection
    ending
    failure
    fork
    guard
    interface
    judge
    lookup
    loop
    message
    name_lookup
    option
    ${owner}
    pair
    poll
    poller
    poller_fallback
    port
    resolve
    normalize
    sendfile
    socket
    stream
    transfer
    wait_first)
