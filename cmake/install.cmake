# The install target: library, headers, the CMake package and the pkg-config file. The result may be
# moved.

include(CMakePackageConfigHelpers)

set(package_directory "${CMAKE_INSTALL_LIBDIR}/cmake/portsock")

set(installed_libraries portsock)
if(PORTSOCK_CAPTURE)
    list(APPEND installed_libraries portsock_capture)
endif()
install(TARGETS ${installed_libraries} EXPORT portsockTargets
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
    RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}"
    FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(EXPORT portsockTargets NAMESPACE portsock:: DESTINATION "${package_directory}")

configure_package_config_file(cmake/portsockConfig.cmake.in "${PROJECT_BINARY_DIR}/portsockConfig.cmake"
    INSTALL_DESTINATION "${package_directory}"
    NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/portsockConfigVersion.cmake" COMPATIBILITY SameMajorVersion)
install(FILES "${PROJECT_BINARY_DIR}/portsockConfig.cmake" "${PROJECT_BINARY_DIR}/portsockConfigVersion.cmake"
    DESTINATION "${package_directory}")

# The .pc file finds its directories from where it is, unless the user gave absolute ones.
set(pkgconfig_directory "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
    set(pc_prefix "${CMAKE_INSTALL_PREFIX}")
    set(pc_libdir "${CMAKE_INSTALL_LIBDIR}")
else()
    file(RELATIVE_PATH up "/prefix/${pkgconfig_directory}" "/prefix")
    string(REGEX REPLACE "/$" "" up "${up}")
    set(pc_prefix "\${pcfiledir}/${up}")
    set(pc_libdir "\${prefix}/${CMAKE_INSTALL_LIBDIR}")
endif()
if(IS_ABSOLUTE "${CMAKE_INSTALL_INCLUDEDIR}")
    set(pc_includedir "${CMAKE_INSTALL_INCLUDEDIR}")
else()
    set(pc_includedir "\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}")
endif()
set(pc_definitions "")
if(BUILD_SHARED_LIBS)
    set(pc_definitions " -DPS_SHARED")
endif()

# install_pkgconfig(NAME LIBRARY...): what a static libNAME needs of the system are the libraries.
function(install_pkgconfig name)
    list(TRANSFORM ARGN PREPEND "-l" OUTPUT_VARIABLE pc_libs_private)
    list(JOIN pc_libs_private " " pc_libs_private)
    configure_file(cmake/${name}.pc.in "${PROJECT_BINARY_DIR}/${name}.pc" @ONLY)
    install(FILES "${PROJECT_BINARY_DIR}/${name}.pc" DESTINATION "${pkgconfig_directory}")
endfunction()

install_pkgconfig(portsock ${portsock_system_libraries})
if(PORTSOCK_CAPTURE)
    install_pkgconfig(portsock-capture ${portsock_capture_system_libraries})
endif()
