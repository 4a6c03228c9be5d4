// SPDX-License-Identifier: GPL-3.0-or-later
// Session matrices of configurations: mean over seeds, and the difference of two.
#pragma once

#include "ui/models/comparison.h"
#include "ui/models/data_table.h"

#include <map>
#include <optional>
#include <vector>

namespace clwb::ui
{

/// [after session] → [session − 1]; the type of AccuracyRows.
using SessionMatrix = std::map<int, std::vector<std::optional<double>>>;

/// Cell by cell over the seeds that have it; empty for reported rows.
SessionMatrix meanMatrix(const ComparedEntry& entry);
/// b − a where both have a value; nothing elsewhere.
SessionMatrix differenceOf(const SessionMatrix& a, const SessionMatrix& b);
/// Sessions of the study: columns of the widest row.
int columnsOf(const SessionMatrix& matrix);

/// What each session's classes are at after the last session, in A, in B, and the difference; then
/// their mean.
DataTable finalRowTable(const SessionMatrix& a, const SessionMatrix& b);

} // namespace clwb::ui
