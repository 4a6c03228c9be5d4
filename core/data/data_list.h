// SPDX-License-Identifier: GPL-3.0-or-later
// `clwb data list`: the items a study selects, as tab-separated text without a head line.
#pragma once

#include "core/base/error.h"
#include "core/base/stop_token.h"
#include "core/spec/study.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace clwb::data
{

/// @param what  ut-train ut-val ut-test zs zs-val retrieval: a line an item, `id path x0 y0 x1 y1
///              class session` (class and session empty where there is none; the whole picture as
///              its size); captions: `image_id text`, the test captions of the retrieval sets
/// @param shuffleSeed  captions only: words shuffled as the evaluation shuffles them
/// Errors: Usage for another `what`, Data as loadStudyData(), Stopped.
Result<std::string> listItems(const spec::Study& study, std::string_view what,
                              std::optional<uint64_t> shuffleSeed, const StopToken& stop);

} // namespace clwb::data
