// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/pseudo_text.h"

#include "core/base/check.h"

namespace clwb::text
{

std::vector<std::vector<int32_t>>
drawPseudoSentences(RandomStream& stream, const std::vector<int32_t>& pool, int64_t Ks, int64_t M)
{
    CLWB_CHECK(!pool.empty() && Ks > 0 && M > 0);
    std::vector<std::vector<int32_t>> sentences(static_cast<size_t>(Ks));
    for (auto& sentence : sentences) {
        sentence.resize(static_cast<size_t>(M));
        for (int32_t& id : sentence)
            id = pool[stream.below(pool.size())];
    }
    return sentences;
}

} // namespace clwb::text
