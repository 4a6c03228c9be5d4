# SPDX-License-Identifier: GPL-3.0-or-later
# Build step of clwb_embed_files: writes HEADER and SOURCE for FILES in NAMESPACE.
get_filename_component(header_name "${HEADER}" NAME)
file(WRITE "${HEADER}" "#pragma once\n#include <string_view>\n
namespace ${NAMESPACE}\n{\nstd::string_view embeddedFile(std::string_view name);\n}\n")

set(arrays "")
set(lookups "")
set(index 0)
foreach(path IN LISTS FILES)
    get_filename_component(name "${path}" NAME)
    file(SIZE "${path}" size)
    file(READ "${path}" hex HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
    # Eight bytes a line; the last byte is a terminator, so that empty files work too.
    string(REGEX REPLACE "((0x..,)(0x..,)(0x..,)(0x..,)(0x..,)(0x..,)(0x..,)(0x..,))" "\\1\n"
        bytes "${bytes}")
    string(APPEND arrays "const unsigned char kFile${index}[] = {${bytes}0};\n")
    string(APPEND lookups "    if (name == \"${name}\")\n        return {reinterpret_cast<const char*>(kFile${index}), ${size}};\n")
    math(EXPR index "${index} + 1")
endforeach()
file(WRITE "${SOURCE}" "#include \"${header_name}\"\n
namespace ${NAMESPACE}\n{\nnamespace\n{\n${arrays}}\n
std::string_view embeddedFile(std::string_view name)\n{\n${lookups}    return {};\n}\n}\n")
