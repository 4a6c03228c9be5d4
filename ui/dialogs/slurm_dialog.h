// SPDX-License-Identifier: GPL-3.0-or-later
// "Hand to Cluster": a sweep of the project as a Slurm script, and its results back again.
#pragma once

#include <QDialog>

#include <cstdint>
#include <optional>

namespace clwb::ui
{

class AppState;

/// Opens without blocking; the dialog deletes itself when closed.
/// @param sweepId nothing: the newest sweep that is no search
QDialog* openSlurmDialog(AppState& state, std::optional<int64_t> sweepId, QWidget* parent);

} // namespace clwb::ui
