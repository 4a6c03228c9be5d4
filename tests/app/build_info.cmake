# SPDX-License-Identifier: GPL-3.0-or-later
# What a build tells of its sources: nothing of a clean tree, the whole difference of a changed one,
# its hash alone where it is too large. cmake -DSCRIPT=… -DINTO=… -P build_info.cmake
find_program(git_program git)
if(NOT git_program)
    message("skipped: git is not installed")
    return()
endif()
file(REMOVE_RECURSE "${INTO}")
set(tree "${INTO}/a tree")
set(output "${INTO}/build_info.cpp")
file(MAKE_DIRECTORY "${tree}")
set(ENV{GIT_CONFIG_GLOBAL} /dev/null)
set(ENV{GIT_CONFIG_NOSYSTEM} 1)

function(git)
    execute_process(COMMAND "${git_program}" -C "${tree}" -c user.name=t -c user.email=t@example.org
        ${ARGN} OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
endfunction()
# Sets `made` to the source that the build would get.
function(make)
    execute_process(COMMAND "${CMAKE_COMMAND}" "-DSOURCE=${tree}" "-DOUTPUT=${output}" -DVERSION=1
        -DCOMPILER=c -DLIBTORCH=t -DBUILD_TYPE=b -P "${SCRIPT}" COMMAND_ERROR_IS_FATAL ANY)
    file(READ "${output}" text)
    set(made "${text}" PARENT_SCOPE)
endfunction()
function(expect text)
    string(FIND "${made}" "${text}" place)
    if(place EQUAL -1)
        string(SUBSTRING "${made}" 0 3000 shown)
        message(SEND_ERROR "expected ${text} in:\n${shown}")
    endif()
endfunction()

git(init --quiet)
file(WRITE "${tree}/code.cpp" "int a;\n")
git(add .)
git(commit --quiet -m one)
make()
string(FIND "${made}" "local changes" place)
if(NOT place EQUAL -1)
    message(SEND_ERROR "a clean tree is called changed")
endif()
expect("patch[] = \"\"")
expect("\"\", 0}")
# A file that was only written again is no change.
file(WRITE "${tree}/code.cpp" "int a;\n")
file(TOUCH "${tree}/code.cpp")
make()
expect("\"\", 0}")

# Notes beside the sources are nobody's business; a source that git does not know is compiled.
file(WRITE "${tree}/notes.txt" "x")
make()
expect("\"\", 0}")
string(FIND "${made}" "does not know" place)
if(NOT place EQUAL -1)
    message(SEND_ERROR "notes are called sources")
endif()
file(WRITE "${tree}/method.cpp" "int m;\n")
make()
expect("(with sources that git does not know)")
file(REMOVE "${tree}/method.cpp" "${tree}/notes.txt")

# Settings of the user change nothing of the difference.
git(config diff.noprefix true)

# Every byte that CMake or C++ would take for something else.
file(WRITE "${tree}/code.cpp" "int a; // \"quoted\" \\n [[x]] \${y} ü;\n\n")
make()
expect("(with local changes)")
execute_process(COMMAND "${git_program}" -C "${tree}" -c diff.noprefix=false diff --binary HEAD
    OUTPUT_FILE "${INTO}/expected.patch" COMMAND_ERROR_IS_FATAL ANY)
file(SHA256 "${INTO}/expected.patch" hash)
file(SIZE "${INTO}/expected.patch" bytes)
file(READ "${INTO}/expected.patch" hex HEX)
string(REGEX REPLACE "(..)" "'\\\\x\\1'," hex "${hex}")
expect("patch[] = {${hex}'\\0'};")
expect("\"${hash}\", ${bytes}}")
# The recorded difference makes the changed tree out of the commit.
file(READ "${tree}/code.cpp" changed)
git(checkout --quiet -- .)
git(apply "${INTO}/expected.patch")
file(READ "${tree}/code.cpp" again)
if(NOT again STREQUAL changed)
    message(SEND_ERROR "the difference does not restore the changes")
endif()

# A difference that is kept has no literal longer than what every compiler takes.
string(REPEAT "int b;\n" 20000 long)
file(WRITE "${tree}/code.cpp" "${long}")
make()
if(NOT made MATCHES "patch\\[\\] = {'.x64','.x69','.x66',")
    message(SEND_ERROR "a long difference is not kept")
endif()
string(REGEX MATCHALL "\"[^\"]*\"" literals "${made}")
foreach(literal IN LISTS literals)
    string(LENGTH "${literal}" length)
    if(length GREATER 4096)
        message(SEND_ERROR "a literal of ${length} characters")
    endif()
endforeach()

# Too large to be kept: hash and size are told all the same.
string(REPEAT "int b;\n" 60000 large)
file(WRITE "${tree}/code.cpp" "${large}")
make()
execute_process(COMMAND "${git_program}" -C "${tree}" -c diff.noprefix=false diff --binary HEAD
    OUTPUT_FILE "${INTO}/expected.patch" COMMAND_ERROR_IS_FATAL ANY)
file(SHA256 "${INTO}/expected.patch" hash)
file(SIZE "${INTO}/expected.patch" bytes)
expect("patch[] = \"\"")
expect("\"${hash}\", ${bytes}}")

# No repository: nothing is known, and the build goes on.
file(REMOVE_RECURSE "${tree}/.git")
set(ENV{GIT_CEILING_DIRECTORIES} "${INTO}")
make()
expect("\"unknown\"")
expect("\"\", 0}")
file(REMOVE_RECURSE "${INTO}")
