# SPDX-License-Identifier: GPL-3.0-or-later
# Language level, warnings and definitions shared by every target through clwb_settings.
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
# The time goes into LibTorch, OpenCV and Qt; a third level only makes the build slower.
string(REPLACE "-O3" "-O2" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")
# Sanitizers name lines, nobody steps through their builds: less to compile and to keep.
string(REPLACE "-O2 -g" "-O1 -g1" CMAKE_CXX_FLAGS_RELWITHDEBINFO "${CMAKE_CXX_FLAGS_RELWITHDEBINFO}")
# Files of one library are compiled together: their headers are read once.
set(CMAKE_UNITY_BUILD ${CLWB_UNITY})
set(CMAKE_UNITY_BUILD_BATCH_SIZE 8)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)

find_program(CLWB_CCACHE ccache)
if(CLWB_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${CLWB_CCACHE}")
endif()

add_library(clwb_settings INTERFACE)
target_compile_features(clwb_settings INTERFACE cxx_std_20)
set_target_properties(clwb_settings PROPERTIES INTERFACE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_EXTENSIONS OFF)
target_include_directories(clwb_settings INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_options(clwb_settings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wold-style-cast -Woverloaded-virtual
    # GCC 12: false alarms in std::string, which precompiled headers make loud (bugs 105329, 105651)
    -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds
    -Wnon-virtual-dtor -Wcast-qual -Wformat=2 -Wimplicit-fallthrough -Wundef
    $<$<BOOL:${CLWB_WERROR}>:-Werror>)
target_compile_definitions(clwb_settings INTERFACE
    _GLIBCXX_ASSERTIONS
    $<$<BOOL:${CLWB_FAULTS}>:CLWB_FAULTS>)

if(CLWB_SANITIZE STREQUAL "address")
    set(clwb_sanitize_flags -fsanitize=address,undefined -fno-omit-frame-pointer
        -fno-sanitize-recover=undefined)
elseif(CLWB_SANITIZE STREQUAL "thread")
    set(clwb_sanitize_flags -fsanitize=thread -fno-omit-frame-pointer)
endif()
if(clwb_sanitize_flags)
    target_compile_options(clwb_settings INTERFACE ${clwb_sanitize_flags})
    target_link_options(clwb_settings INTERFACE ${clwb_sanitize_flags})
endif()

# A core library: clwb_core_library(NAME SOURCES … PUBLIC a b PRIVATE c [HEADERS torch])
# HEADERS names the precompiled headers of core/CMakeLists.txt that its sources start from.
function(clwb_core_library name)
    cmake_parse_arguments(arg "" "HEADERS" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
    add_library(${name} STATIC ${arg_SOURCES})
    target_link_libraries(${name} PUBLIC clwb_settings ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
    if(CLWB_PCH)
        if(NOT arg_HEADERS)
            set(arg_HEADERS common)
        endif()
        target_precompile_headers(${name} REUSE_FROM clwb_${arg_HEADERS}_headers)
    endif()
endfunction()
