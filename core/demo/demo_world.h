// SPDX-License-Identifier: GPL-3.0-or-later
// Renders the demo world: a complete small study with pictures, boxes, captions and study.json.
#pragma once

#include "core/base/error.h"
#include "core/base/stop_token.h"
#include "core/demo/world_plan.h"

#include <filesystem>
#include <functional>

namespace clwb::demo
{

/// What was written.
struct DemoSummary
{
    std::filesystem::path study; ///< DIR/study.json
    int sessions = 0;
    int classes = 0; ///< updated task
    int zeroShotClasses = 0;
    int zeroShotValidationClasses = 0;
    int trainCrops = 0;
    int validationCrops = 0;
    int testCrops = 0;
    int retrievalScenes = 0; ///< test split
    int images = 0;          ///< files
    double seconds = 0;
};

struct DemoOptions
{
    WorldSizes sizes;
    int threads = 0;            ///< 0: as many as there are cores
    std::filesystem::path font; ///< empty: defaultEmojiFont()
};

/// Called after each picture, never by two threads at once.
using DemoProgress = std::function<void(int done, int total)>;

/// Renders the world into `dir`, which must not exist or be empty; it appears complete or not at
/// all. The bytes depend on sizes and font only, not on machine, threads or time.
/// Errors: Usage (folder not empty), Data (font missing, folder not writable), DiskFull, Stopped.
Result<DemoSummary> makeDemoWorld(const std::filesystem::path& dir, const StopToken& stop,
                                  const DemoProgress& progress = {},
                                  const DemoOptions& options = {});

/// Whether `dir` holds a world that makeDemoWorld of this version would make again with the
/// default options: then there is nothing to do.
bool hasDemoWorld(const std::filesystem::path& dir);

} // namespace clwb::demo
