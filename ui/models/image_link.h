// SPDX-License-Identifier: GPL-3.0-or-later
// A place on the Images page, as other pages name it: requestPage("images", toJson(link)).
#pragma once

#include "core/base/json.h"
#include "ui/models/image_outcomes.h"
#include "ui/models/kept_predictions.h"

#include <optional>
#include <string>

namespace clwb::ui
{

struct ImageLink
{
    /// Of its run, the first and the last model that are kept where nothing is said.
    int64_t run = 0;
    std::optional<PredictionPoint> a = {}, b = {};
    std::string part = "ut"; ///< ut | zs
    std::optional<int> classNumber = {};
    std::string className = {}; ///< names need not differ: the number counts where both agree
    std::optional<Outcome> outcome = {};
};

Json toJson(const ImageLink& link);
/// Nothing where no run is named. Unknown keys and values of other types are passed over.
std::optional<ImageLink> imageLinkFromJson(const Json& argument);

/// Class that a link means; nothing: none of that name.
std::optional<int> classOfLink(const ImageLink& link, const std::vector<std::string>& classes);

/// "forgotten", "learned", "never", "always".
std::string outcomeId(Outcome outcome);
std::optional<Outcome> outcomeOfId(const std::string& id);

} // namespace clwb::ui
