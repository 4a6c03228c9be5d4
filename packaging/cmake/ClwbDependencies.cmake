# SPDX-License-Identifier: GPL-3.0-or-later
# Every third-party package with the reason it is here. Nothing is downloaded by CMake.
include(FeatureSummary)
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(ZLIB REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(tl-expected REQUIRED)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
pkg_check_modules(LIBZIP REQUIRED IMPORTED_TARGET libzip)
set_package_properties(OpenSSL PROPERTIES PURPOSE "SHA-256 of weights, specs and data")
set_package_properties(ZLIB PROPERTIES PURPOSE "CLIP's compressed vocabulary file")
set_package_properties(SQLite3 PROPERTIES PURPOSE "the project file")
set_package_properties(nlohmann_json PROPERTIES PURPOSE "specs, studies, COCO's annotation files")
set_package_properties(tl-expected PROPERTIES PURPOSE "Result<T>")

if(CLWB_WITH_OPENCV)
    find_package(OpenCV REQUIRED COMPONENTS core imgproc imgcodecs)
    pkg_check_modules(FREETYPE REQUIRED IMPORTED_TARGET freetype2)
endif()

if(NOT CLWB_SANITIZE STREQUAL "thread")
    # LibTorch: what Torch_DIR or CMAKE_PREFIX_PATH names, else the unpacked archive $LIBTORCH, else
    # the wheel that packaging/setup.sh put below the build folder.
    file(GLOB clwb_wheel LIST_DIRECTORIES true
         "${CMAKE_SOURCE_DIR}/build/torch-venv/lib/python3*/site-packages/torch")
    set(clwb_saved_flags "${CMAKE_CXX_FLAGS}")
    find_package(Torch CONFIG HINTS "$ENV{LIBTORCH}" ${clwb_wheel})
    if(NOT Torch_FOUND)
        message(FATAL_ERROR "LibTorch not found: run packaging/setup.sh, or set Torch_DIR")
    endif()
    set(CMAKE_CXX_FLAGS "${clwb_saved_flags}")
    if(Torch_VERSION VERSION_LESS 2.13)
        message(FATAL_ERROR "LibTorch ${Torch_VERSION} found, 2.13 or newer needed: "
                            "run packaging/setup.sh, or set Torch_DIR to a newer one")
    endif()
    add_library(clwb_torch INTERFACE)
    target_link_libraries(clwb_torch INTERFACE ${TORCH_LIBRARIES})
    # Installed programs find LibTorch where it lies, also below the build folder, which
    # INSTALL_RPATH_USE_LINK_PATH leaves out.
    get_filename_component(clwb_torch_folder "${TORCH_LIBRARY}" DIRECTORY)
    target_include_directories(clwb_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
endif()

if(CLWB_BUILD_UI)
    find_package(Qt6 6.4 REQUIRED COMPONENTS Core Gui Widgets PrintSupport Svg)
    find_package(QCustomPlotQt6 REQUIRED)
    set_package_properties(Qt6 PROPERTIES PURPOSE "the window")
    set_package_properties(QCustomPlotQt6 PROPERTIES PURPOSE "live curves and heat maps")
endif()
