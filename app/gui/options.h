// SPDX-License-Identifier: GPL-3.0-or-later
// The command line of clwb-gui, read before any display is opened.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clwb::gui
{

struct Options
{
    std::string project;     ///< PROJECT.db; empty: the last one
    std::string study;       ///< --study FILE: filled into New run
    std::string screenshots; ///< --screenshots DIR
    int width = 1440;        ///< --size WIDTHxHEIGHT: of the pictures
    int height = 900;
    std::string theme; ///< light, dark, system; empty: as remembered
    double scale = 0;  ///< --scale; 0: the desktop's
    bool isSafeMode = false;
};

/// Either options, or a text to print and the exit status.
struct Parsed
{
    std::optional<Options> options;
    std::string text;
    int status = 0;
};

/// Unknown options give status 2 and name the nearest known one.
Parsed parseOptions(const std::vector<std::string>& arguments, std::string_view version);

} // namespace clwb::gui
