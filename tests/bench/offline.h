// SPDX-License-Identifier: GPL-3.0-or-later
// What the measuring programs without a window share.
#pragma once

#include "core/base/error.h"
#include "core/weights/clip_config.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <type_traits>
#include <utility>

namespace clwb::bench
{

/// The value; an error is told and ends the program.
template<class R>
auto must(R&& result)
{
    if (!result) {
        std::fprintf(stderr, "%s\n", toText(result.error()).c_str());
        std::exit(1);
    }
    if constexpr (!std::is_void_v<typename std::decay_t<R>::value_type>)
        return std::move(*result);
}

/// A tower as CLIP builds it: heads of 64, an MLP of four times the width.
inline weights::TowerConfig towerOf(int64_t width, int64_t layers)
{
    weights::TowerConfig config;
    config.width = width;
    config.heads = width / 64;
    config.layers = layers;
    config.mlp = 4 * width;
    return config;
}

} // namespace clwb::bench
