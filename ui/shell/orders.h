// SPDX-License-Identifier: GPL-3.0-or-later
// Orders for the queue, and how an order is performed and recorded in the project.
#pragma once

#include "core/store/project.h"
#include "ui/bridge/engine.h"
#include "ui/bridge/run_queue.h"

#include <QString>

#include <vector>

namespace clwb::ui
{

/// "VR-LwF-WM · MST · seed 0".
QString titleOf(const spec::RunSpec& spec);
RunOrder newOrder(const spec::RunSpec& spec);
RunOrder continueOrder(const store::RunRow& run);
/// FT-WM and VR-LwF-WM in MST with the demo's settings; the first one renders the world if needed.
std::vector<RunOrder> demoOrders(const Engine& engine, const QString& dataFolder);

/// Performs orders on the training thread: makes the row, records all events, runs the engine.
Launcher recordingLauncher(const Engine& engine);

} // namespace clwb::ui
