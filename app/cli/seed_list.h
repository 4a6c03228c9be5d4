// SPDX-License-Identifier: GPL-3.0-or-later
// The option --seeds.
#pragma once

#include "app/cli/command.h"

#include <cstdint>
#include <vector>

namespace clwb::cli
{

/// Seeds of --seeds 0,1,2, otherwise `fallback`. Errors: Usage on anything but different whole
/// numbers from 0.
Result<std::vector<uint64_t>> readSeedList(const Arguments& arguments, uint64_t fallback);

} // namespace clwb::cli
