// SPDX-License-Identifier: GPL-3.0-or-later
// Parsing of the window's command line.
#include "app/gui/options.h"

#include "core/base/json.h"
#include "core/base/number_text.h"

#include <algorithm>
#include <array>

namespace clwb::gui
{

namespace
{

constexpr std::string_view kHelp =
    R"(Usage: clwb-gui [PROJECT.db] [options]

The workbench for continual learning of CLIP. Without PROJECT.db the last project is opened,
on the first start a copy of the starter project.

Options:
  --study FILE        fill this study into New run
  --screenshots DIR   write a picture of every page and dialog and quit; the project is only read
  --size WxH          of the window in these pictures, 320x240 to 7680x4320 (1440x900)
  --theme THEME       light, dark or system
  --scale FACTOR      size of everything, 0.5 to 4
  --safe-mode         ignore and keep no settings
  --help, -h          this text
  --version           version and build

Example: clwb-gui my-study.db --theme dark
Without a display use the command clwb.
)";

constexpr std::array<std::string_view, 8> kNames{"--study", "--screenshots", "--size", "--theme",
                                                 "--scale", "--safe-mode",   "--help", "--version"};

Parsed usage(const std::string& message)
{
    return {std::nullopt, "clwb-gui: " + message + "\nclwb-gui --help lists the options.\n", 2};
}

Parsed unknown(std::string_view name)
{
    const auto nearest = nearestWord(name, {kNames.begin(), kNames.end()});
    return usage("unknown option " + std::string(name) +
                 (nearest ? "; did you mean " + *nearest + "?" : std::string()));
}

/// Whether `value` is a size such as 1024x768.
bool readSize(std::string_view value, Options& options)
{
    const size_t sign = value.find('x');
    if (sign == std::string_view::npos)
        return false;
    const auto width = parseDouble(value.substr(0, sign));
    const auto height = parseDouble(value.substr(sign + 1));
    if (!width || !height || !(*width >= 320 && *width <= 7680) ||
        !(*height >= 240 && *height <= 4320))
        return false;
    options.width = static_cast<int>(*width);
    options.height = static_cast<int>(*height);
    return true;
}

/// Stores a value; the message of what is wrong, or empty.
std::string store(Options& options, std::string_view name, const std::string& value)
{
    if (name == "--study") {
        options.study = value;
    } else if (name == "--screenshots") {
        options.screenshots = value;
    } else if (name == "--size") {
        if (!readSize(value, options))
            return "--size: is \"" + value + "\", allowed are 320x240 to 7680x4320";
    } else if (name == "--theme") {
        options.theme = value;
        if (value != "light" && value != "dark" && value != "system")
            return "--theme: is \"" + value + "\", allowed are light, dark, system";
    } else {
        const auto number = parseDouble(value);
        if (!number || !(*number >= 0.5) || !(*number <= 4))
            return "--scale: is \"" + value + "\", allowed are numbers from 0.5 to 4";
        options.scale = *number;
    }
    return {};
}

} // namespace

Parsed parseOptions(const std::vector<std::string>& arguments, std::string_view version)
{
    Options options;
    for (size_t at = 0; at < arguments.size(); ++at) {
        std::string name = arguments[at];
        if (name == "--help" || name == "-h")
            return {std::nullopt, std::string(kHelp), 0};
        if (name == "--version")
            return {std::nullopt, std::string(version), 0};
        if (name == "--safe-mode") {
            options.isSafeMode = true;
            continue;
        }
        if (!name.starts_with("-")) {
            if (!options.project.empty())
                return usage("more than one project: " + options.project + " and " + name);
            options.project = name;
            continue;
        }
        std::optional<std::string> value;
        if (const size_t sign = name.find('='); sign != std::string::npos) {
            value = name.substr(sign + 1);
            name.resize(sign);
        }
        if (std::find(kNames.begin(), kNames.end(), name) == kNames.end())
            return unknown(name);
        if (!value) {
            if (at + 1 == arguments.size())
                return usage(name + " needs a value");
            value = arguments[++at];
        }
        if (const std::string problem = store(options, name, *value); !problem.empty())
            return usage(problem);
    }
    return {options, {}, 0};
}

} // namespace clwb::gui
