// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/shipped_files.h"

namespace clwb::app
{

namespace fs = std::filesystem;

fs::path shippedFile(const fs::path& relative)
{
    std::error_code problem;
    const fs::path program = fs::read_symlink("/proc/self/exe", problem).parent_path();
    if (problem)
        return {};
    // Installed: PREFIX/bin beside PREFIX/share/clwb. Built: TREE/build/PRESET/bin.
    for (const fs::path& root : {program.parent_path() / "share" / "clwb",
                                 program.parent_path().parent_path().parent_path()}) {
        if (fs::exists(root / relative, problem))
            return root / relative;
    }
    return {};
}

} // namespace clwb::app
