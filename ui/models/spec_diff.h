// SPDX-License-Identifier: GPL-3.0-or-later
// The resolved settings of two runs as text, and what differs line by line.
#pragma once

#include "core/report/report_run.h"

#include <QString>

#include <vector>

namespace clwb::ui
{

struct DiffLine
{
    enum class Kind { Same, OnlyInA, OnlyInB };
    Kind kind = Kind::Same;
    QString text; ///< "train.epochs = 4"
};

/// In the order of the keys; a changed value is a line of A followed by one of B.
std::vector<DiffLine> specDiff(const report::ReportRun& a, const report::ReportRun& b);

enum class DiffLines { All, Differing };
/// As `diff -u` would write it: "--- A", "+++ B", and lines that begin with " ", "-" or "+".
QString diffText(const std::vector<DiffLine>& lines, const QString& nameA, const QString& nameB,
                 DiffLines which);

} // namespace clwb::ui
