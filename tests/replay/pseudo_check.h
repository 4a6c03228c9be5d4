// SPDX-License-Identifier: GPL-3.0-or-later
// The replayed sentences of a trace: how many, how long, drawn from where, how often anew.
#pragma once

#include "tests/replay/findings.h"
#include "tests/replay/settings.h"
#include "tests/replay/study_file.h"
#include "tests/replay/trace_file.h"

namespace clwb::replay
{

/// Rows A8 to A11 of the register and the caption corpus of §8. Only VR-LwF replays anything.
Result<void> checkPseudo(const Trace& trace, const Settings& settings, StudyData& study,
                         Findings& findings);

} // namespace clwb::replay
