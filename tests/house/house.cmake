# The rules of the house, as tests: each is a script here, which prints what breaks the rule.
# Included by tests/CMakeLists.txt.

# What the sources say does not change with the kind of library; its symbols do.
set(house_rules symbols api)
if(WIN32)
    list(APPEND house_rules imports)
endif()
if(NOT BUILD_SHARED_LIBS)
    list(APPEND house_rules arguments beside contract doxygen heap headers_c headers_cxx headers_order
        platform_tests machine_names paths promises renames gate endings words workflows)
endif()
if(WIN32 AND CMAKE_SIZEOF_VOID_P EQUAL 8 AND NOT BUILD_SHARED_LIBS)
    list(APPEND house_rules windows_arm64)
endif()

foreach(rule IN LISTS house_rules)
    add_test(NAME house.${rule} COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/house/${rule}.sh" "${test_settings}")
    set_tests_properties(house.${rule} PROPERTIES TIMEOUT 600 SKIP_RETURN_CODE 77 COST 100 LABELS house)
endforeach()
