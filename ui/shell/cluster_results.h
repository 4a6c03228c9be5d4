// SPDX-License-Identifier: GPL-3.0-or-later
// Runs that the jobs of a handed-over sweep have finished come into the project.
#pragma once

#include <QString>

#include <cstdint>

namespace clwb::ui
{

class AppState;

/// Imports trial-N/trial.db of every trial in the folder and lets the finished runs stand for the
/// sweep's trials. May be asked again while jobs are still running: what is there already is
/// skipped. Tells how it went by AppState::done or problem.
void importClusterResults(AppState& state, int64_t sweepId, const QString& folder);

} // namespace clwb::ui
