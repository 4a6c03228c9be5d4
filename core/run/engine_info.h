// SPDX-License-Identifier: GPL-3.0-or-later
// What results depend on below this program: libraries, graphics card, settings of determinism.
#pragma once

#include "core/base/json.h"

#include <filesystem>
#include <string>

namespace clwb::run
{

/// Versions of the libraries as they are loaded, LibTorch's threads, locale, graphics card, driver
/// and CUDA ("none" where there is none), and what makes runs repeat.
Json engineJson();

/// Names of NVIDIA's cards as the driver tells them below `root`, with commas between; "none".
std::string graphicsCards(const std::filesystem::path& root);
/// Version of NVIDIA's driver; "none".
std::string graphicsDriver(const std::filesystem::path& root);

} // namespace clwb::run
