// SPDX-License-Identifier: GPL-3.0-or-later
// Paints the planned pictures of the demo world; pure functions, any thread.
#pragma once

#include "core/base/image.h"
#include "core/demo/drawing.h"
#include "core/demo/world_plan.h"

#include <optional>
#include <vector>

namespace clwb::demo
{

/// The world's drawings by concept id; only those that the plan can use are there.
struct DrawingTable
{
    std::vector<std::optional<Drawing>> byConcept;

    /// CHECK: the concept was loaded.
    [[nodiscard]] const Drawing& operator[](int conceptId) const;
};

/// Things of the updated task among clutter, in strong light and often out of focus.
Image paintCropScene(const CropScene& scene, const WorldPlan& plan, const DrawingTable& drawings);

/// One thing on white, plain or soft ground; 96×96.
Image paintZeroShotImage(const ZeroShotImage& item, const WorldPlan& plan,
                         const DrawingTable& drawings);

/// Two or three things standing side by side; 128×128.
Image paintRetrievalScene(const RetrievalScene& scene, const WorldPlan& plan,
                          const DrawingTable& drawings);

} // namespace clwb::demo
