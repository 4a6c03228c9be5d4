// SPDX-License-Identifier: GPL-3.0-or-later
// Random pseudo sentences of the vocabulary for replay (§5.3, register rows A8–A11).
#pragma once

#include "core/base/random_stream.h"

#include <cstdint>
#include <vector>

namespace clwb::text
{

/// Ks sentences of M ids drawn uniformly with replacement; the pool holds no special token.
/// Draw order: sentence by sentence, token by token, one below(pool size) each.
/// @param pool ids to draw from, not empty
/// @return Ks × M ids without SOT and EOT
std::vector<std::vector<int32_t>>
drawPseudoSentences(RandomStream& stream, const std::vector<int32_t>& pool, int64_t Ks, int64_t M);

} // namespace clwb::text
