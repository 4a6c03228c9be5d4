# SPDX-License-Identifier: GPL-3.0-or-later
# clwb_embed_files(TARGET NAMESPACE FILE…): compiles files into a target, so that no path is
# needed at run time. The sources of TARGET include "<TARGET>_files.h" and call
#   std::string_view NAMESPACE::embeddedFile("name.ext")   empty when there is none
# Meant for small files: each byte becomes about five characters of C++.
set(CLWB_EMBED_SCRIPT "${CMAKE_CURRENT_LIST_DIR}/embed_files.cmake")

function(clwb_embed_files target namespace)
    set(folder "${CMAKE_CURRENT_BINARY_DIR}/embedded")
    set(paths "")
    foreach(file IN LISTS ARGN)
        get_filename_component(path "${file}" ABSOLUTE)
        list(APPEND paths "${path}")
    endforeach()
    set(header "${folder}/${target}_files.h")
    set(source "${folder}/${target}_files.cpp")
    add_custom_command(
        OUTPUT "${header}" "${source}"
        COMMAND "${CMAKE_COMMAND}" "-DNAMESPACE=${namespace}" "-DHEADER=${header}"
            "-DSOURCE=${source}" "-DFILES=${paths}" -P "${CLWB_EMBED_SCRIPT}"
        DEPENDS ${paths} "${CLWB_EMBED_SCRIPT}"
        COMMENT "Embedding files into ${target}"
        VERBATIM)
    # Static analysis needs them without the library.
    add_custom_target(${target}_files DEPENDS "${header}" "${source}")
    target_sources(${target} PRIVATE "${header}" "${source}")
    add_dependencies(${target} ${target}_files)
    target_include_directories(${target} PRIVATE "${folder}")
endfunction()
