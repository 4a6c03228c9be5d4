// SPDX-License-Identifier: GPL-3.0-or-later
// Stands in for pretrain.cpp in builds without an image library.
#include "core/run/pretrain.h"

namespace clwb::run
{

Result<std::filesystem::path> pretrainModel(const std::filesystem::path&,
                                            const std::function<void(const PretrainReport&)>&,
                                            const StopToken&)
{
    return fail(ErrorCode::Usage, "this build composes no pictures (it was made without OpenCV)",
                "pre-train with the full build (CMake preset release)");
}

} // namespace clwb::run
