# SPDX-License-Identifier: GPL-3.0-or-later
# cmake -DSOURCE=… -DOUTPUT=… -DVERSION=… … -P build_info.cmake: writes what `clwb --version` says,
# and how the sources differ from the commit that it names (`git diff HEAD`; of source files that
# git does not know it says only that there are some). Runs at every build; the file changes only when its content does.
set(most_patch_bytes 262144) # a larger patch is told by its hash alone
set(commit "unknown")
set(dirty "")
set(patch_text "\"\"")
set(patch_sha256 "")
set(patch_bytes 0)
find_program(git_program git)
if(git_program)
    execute_process(COMMAND "${git_program}" -C "${SOURCE}" rev-parse --short=12 HEAD
        OUTPUT_VARIABLE found ERROR_QUIET RESULT_VARIABLE status OUTPUT_STRIP_TRAILING_WHITESPACE)
    if(status EQUAL 0)
        set(commit "${found}")
        # Through a file: a variable of CMake cannot hold every byte.
        set(patch_file "${OUTPUT}.patch")
        # The same for everybody: settings of the user do not count.
        execute_process(COMMAND "${git_program}" -C "${SOURCE}" -c core.quotePath=true
                -c diff.noprefix=false -c diff.mnemonicPrefix=false -c diff.context=3
                -c diff.algorithm=default diff
                --binary --no-color --no-ext-diff --no-textconv --no-renames HEAD -- .
            OUTPUT_FILE "${patch_file}" ERROR_QUIET RESULT_VARIABLE status)
        file(SIZE "${patch_file}" patch_bytes)
        if(NOT status EQUAL 0)
            set(dirty " (with unknown local changes)")
            set(patch_bytes 0)
        elseif(patch_bytes GREATER 0)
            set(dirty " (with local changes)")
            file(SHA256 "${patch_file}" patch_sha256)
            if(NOT patch_bytes GREATER most_patch_bytes)
                file(READ "${patch_file}" patch_text HEX)
                # Byte by byte: of a string literal a compiler needs to take 65 536 characters only.
                string(REGEX REPLACE "(..)" "'\\\\x\\1'," patch_text "${patch_text}")
                set(patch_text "{${patch_text}'\\0'}")
            endif()
        endif()
        file(REMOVE "${patch_file}")
        # A new method is a new file: it is compiled whether git knows it or not.
        execute_process(COMMAND "${git_program}" -C "${SOURCE}" ls-files --others
                --exclude-standard -- "*.cpp" "*.h" "*.in" "*.cmake" "*CMakeLists.txt"
            OUTPUT_VARIABLE others ERROR_QUIET)
        if(NOT others STREQUAL "")
            string(APPEND dirty " (with sources that git does not know)")
        endif()
    endif()
endif()
set(content "// Made by packaging/cmake/build_info.cmake; changes are lost.
#include \"app/common/build_info.h\"

namespace clwb::app
{

BuildInfo buildInfo()
{
    static constexpr char patch[] = ${patch_text};
    return {\"${VERSION}\", \"${commit}${dirty}\", \"${COMPILER}\", \"${LIBTORCH}\", \"${BUILD_TYPE}\",
            {patch, sizeof(patch) - 1}, \"${patch_sha256}\", ${patch_bytes}};
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
