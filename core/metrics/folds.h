// SPDX-License-Identifier: GPL-3.0-or-later
// How the images of a retrieval set are cut into folds, each of which is ranked by itself.
#pragma once

#include <cstdint>

namespace clwb::metrics
{

/// First image of fold `fold` of `folds` among `images`: ⌊fold·images/folds⌋; of fold `folds` their
/// end.
constexpr int64_t foldBegin(int64_t images, int folds, int fold)
{
    return fold * images / folds;
}

} // namespace clwb::metrics
