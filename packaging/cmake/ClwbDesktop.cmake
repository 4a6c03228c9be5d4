# SPDX-License-Identifier: GPL-3.0-or-later
# What a desktop and a shell want to know of the programs, where they look for it.
set(clwb_id io.github.clwb.clwb) # as app/gui/main.cpp tells it to the desktop
set(clwb_desktop "${CMAKE_SOURCE_DIR}/packaging/desktop")
install(FILES "${clwb_desktop}/clwb.bash" DESTINATION share/bash-completion/completions RENAME clwb)
if(CLWB_BUILD_UI)
    install(FILES "${clwb_desktop}/clwb-gui.1" DESTINATION share/man/man1)
    install(FILES "${clwb_desktop}/${clwb_id}.desktop" DESTINATION share/applications)
    install(FILES "${clwb_desktop}/${clwb_id}.metainfo.xml" DESTINATION share/metainfo)
    install(FILES "${clwb_desktop}/${clwb_id}.mime.xml" DESTINATION share/mime/packages
            RENAME ${clwb_id}.xml)
    install(FILES ui/icons/clwb.svg DESTINATION share/icons/hicolor/scalable/apps
            RENAME ${clwb_id}.svg)
endif()
