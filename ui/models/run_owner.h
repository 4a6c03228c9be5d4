// SPDX-License-Identifier: GPL-3.0-or-later
// Which program has a run in hand, in words.
#pragma once

#include "core/store/project.h"

#include <QString>

#include <vector>

class QDateTime;

namespace clwb::ui
{

/// In training, by another program of this computer or of another one.
bool isTrainedElsewhere(const store::RunRow& run);
/// The newest such run of a list by number; null: none.
const store::RunRow* newestElsewhere(const std::vector<store::RunRow>& runs);

/// "another program on this computer since 14:05", of another day "since 2026-01-31 14:05", "a
/// program on node17 since …", "this window"; empty for a run that nobody has in hand.
QString ownerText(const store::RunRow& run, const QDateTime& now);

/// What the status line says of the runs that other programs train: "another program trains #3
/// ft-wm-0 (session 3 of 8)", "other programs train 2 runs"; empty: none.
QString elsewhereText(const std::vector<store::RunRow>& runs);

} // namespace clwb::ui
