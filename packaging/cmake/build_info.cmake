# SPDX-License-Identifier: GPL-3.0-or-later
# cmake -DSOURCE=… -DOUTPUT=… -DVERSION=… … -P build_info.cmake: writes what `clwb --version` says.
# Runs at every build; the file changes only when its content does.
set(commit "unknown")
set(dirty "")
find_program(git_program git)
if(git_program)
    execute_process(COMMAND "${git_program}" -C "${SOURCE}" rev-parse --short=12 HEAD
        OUTPUT_VARIABLE found ERROR_QUIET RESULT_VARIABLE status OUTPUT_STRIP_TRAILING_WHITESPACE)
    if(status EQUAL 0)
        set(commit "${found}")
        execute_process(COMMAND "${git_program}" -C "${SOURCE}" diff-index --quiet HEAD --
            RESULT_VARIABLE status ERROR_QUIET)
        if(NOT status EQUAL 0)
            set(dirty " (with local changes)")
        endif()
    endif()
endif()
set(content "// Made by packaging/cmake/build_info.cmake; changes are lost.
#include \"app/common/build_info.h\"

namespace clwb::app
{

BuildInfo buildInfo()
{
    return {\"${VERSION}\", \"${commit}${dirty}\", \"${COMPILER}\", \"${LIBTORCH}\", \"${BUILD_TYPE}\"};
}

} // namespace clwb::app
")
set(old "")
if(EXISTS "${OUTPUT}")
    file(READ "${OUTPUT}" old)
endif()
if(NOT old STREQUAL content)
    file(WRITE "${OUTPUT}" "${content}")
endif()
