// SPDX-License-Identifier: GPL-3.0-or-later
// Waiting runs outlive the window: they are kept in the settings and come back, held, with their
// project.
#pragma once

namespace clwb::ui
{

class AppState;
struct RunOrder;

/// Whether an order is kept: the demo's and those of sweeps are not.
bool isRemembered(const RunOrder& order);
/// From now on what waits is remembered. Runs that a window which is no more left waiting are taken
/// over when their project is opened; those of another living window are left to it.
void rememberQueue(AppState& state);

} // namespace clwb::ui
