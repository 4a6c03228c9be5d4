// SPDX-License-Identifier: GPL-3.0-or-later
// What a run that has ended needed of the machine, in words.
#pragma once

#include "core/store/load_rows.h"

#include <QString>

namespace clwb::ui
{

/// "CPU 93 %, peak 99 % · memory 1.2 GB, peak 1.4 GB", of a graphics card also "GPU 97 %, peak
/// 100 % · its memory 30.1 GB, peak 31.2 GB". The first numbers are medians.
QString loadText(const store::LoadSummary& load);
/// The same in full sentences, a line each.
QString loadTip(const store::LoadSummary& load);

} // namespace clwb::ui
