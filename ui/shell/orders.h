// SPDX-License-Identifier: GPL-3.0-or-later
// Orders for the queue, and how an order is performed and recorded in the project.
#pragma once

#include "core/store/project.h"
#include "ui/bridge/engine.h"
#include "ui/bridge/run_queue.h"

#include <QString>

#include <functional>
#include <optional>
#include <vector>

namespace clwb::ui
{

/// "VR-LwF-WM · MST · seed 0".
QString titleOf(const spec::RunSpec& spec);
/// A run on the demo study renders its world first, if needed.
RunOrder newOrder(const Engine& engine, const spec::RunSpec& spec);
/// A new run that goes on from another one; `spec` has the other's study, model, kind and setting.
RunOrder branchOrder(const Engine& engine, const spec::RunSpec& spec, const BranchPlace& place);
RunOrder continueOrder(const store::RunRow& run);
/// FT-WM and VR-LwF-WM in MST with the demo's settings; the first one renders the world if needed.
/// CHECK: a demo is installed.
std::vector<RunOrder> demoOrders(const Engine& engine);

/// Hears, on the training thread, what keeps results out of the project, and nothing once they are
/// in again.
using StoreProblemSink = std::function<void(const std::optional<Error>&)>;
/// Performs orders on the training thread: makes the row, records all events, runs the engine.
Launcher recordingLauncher(const Engine& engine, StoreProblemSink onStoreProblem = {});

} // namespace clwb::ui
