// SPDX-License-Identifier: GPL-3.0-or-later
// FT: plain fine-tuning with cross-entropy, the lower bound for forgetting (algorithms.md §5.1).
#include "core/methods/method.h"

namespace clwb::methods
{

MethodInfo describe_ft();

MethodInfo describe_ft()
{
    return {"ft",
            "FT",
            "Section IV; L = L_CE",
            "Fine-tunes with cross-entropy alone; learns most and forgets most.",
            {},
            [] { return std::make_unique<Method>(); }};
}

} // namespace clwb::methods
