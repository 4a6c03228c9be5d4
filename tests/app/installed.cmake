# SPDX-License-Identifier: GPL-3.0-or-later
# Installs as a package is made (DESTDIR), looks for what a desktop needs, and starts what was put
# there. cmake -DBUILD=… -DINTO=… -DWITH_UI=… -P installed.cmake
file(REMOVE_RECURSE "${INTO}")
set(ENV{DESTDIR} "${INTO}")
execute_process(COMMAND "${CMAKE_COMMAND}" --install "${BUILD}" --prefix /usr
                OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
set(id io.github.clwb.clwb)
set(files bin/clwb share/clwb/experiments.db share/clwb/resources/mini-clip/model.safetensors
    share/clwb/resources/studies/README.md share/doc/clwb/README.md
    share/bash-completion/completions/clwb share/man/man1/clwb.1)
if(WITH_UI)
    list(APPEND files bin/clwb-gui share/man/man1/clwb-gui.1 share/applications/${id}.desktop
        share/metainfo/${id}.metainfo.xml share/mime/packages/${id}.xml
        share/icons/hicolor/scalable/apps/${id}.svg)
endif()
foreach(file IN LISTS files)
    if(NOT EXISTS "${INTO}/usr/${file}")
        message(SEND_ERROR "not installed: ${file}")
    endif()
endforeach()

# Its libraries and its own files are found from there.
execute_process(COMMAND "${INTO}/usr/bin/clwb" --version
                OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
# The demo makes its folder once it has found the model; how it goes on is not for this test.
execute_process(COMMAND "${INTO}/usr/bin/clwb" demo --progress none WORKING_DIRECTORY "${INTO}"
                OUTPUT_QUIET ERROR_VARIABLE problem TIMEOUT 10)
if(NOT EXISTS "${INTO}/clwb-demo")
    message(SEND_ERROR "the installed clwb does not find its model: ${problem}")
endif()
if(WITH_UI)
    execute_process(COMMAND "${INTO}/usr/bin/clwb-gui" --version
                    OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
endif()
file(REMOVE_RECURSE "${INTO}")
