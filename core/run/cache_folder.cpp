// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/cache_folder.h"

#include <cstdlib>

namespace fs = std::filesystem;

namespace clwb::run
{

fs::path cacheFolder()
{
    if (const char* own = std::getenv("CLWB_CACHE"); own && *own)
        return own;
    // A relative value is invalid by the XDG rules and ignored.
    if (const char* xdg = std::getenv("XDG_CACHE_HOME"); xdg && *xdg == '/')
        return fs::path(xdg) / "clwb";
    if (const char* home = std::getenv("HOME"); home && *home == '/')
        return fs::path(home) / ".cache" / "clwb";
    return {};
}

fs::path checkedImagesFile()
{
    const fs::path folder = cacheFolder();
    return folder.empty() ? fs::path() : folder / "checked-images";
}

} // namespace clwb::run
