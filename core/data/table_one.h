// SPDX-License-Identifier: GPL-3.0-or-later
// Table I of the paper: classes and crop counts of its eight COCO sessions (algorithms.md 1.2).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace clwb::data
{

struct PaperSession
{
    std::array<std::string_view, 10> classes;
    int64_t trainCrops;
    int64_t testCrops;
};

/// Sessions 1 to 8; 596 974 training and 35 360 test crops in all.
const std::array<PaperSession, 8>& paperSessions();

} // namespace clwb::data
