// SPDX-License-Identifier: GPL-3.0-or-later
// The edits of stored runs that Ctrl+Z takes back.
#pragma once

#include "core/store/project.h"

#include <QString>

#include <vector>

namespace clwb::ui
{

class AppState;

void renameRun(AppState& state, const store::RunRow& run, const QString& name);
/// Comma-separated words; empty and repeated ones are dropped.
void setTags(AppState& state, const store::RunRow& run, const QString& text);
void setNotes(AppState& state, const store::RunRow& run, const QString& text);
void setStarred(AppState& state, const store::RunRow& run, bool isStarred);
/// Takes runs out of the list until archived ones are asked for, or back into it.
void setArchived(AppState& state, const std::vector<int64_t>& runs, bool isArchived);
/// Reversible; reported and running rows must have been left out by the caller.
void moveToTrash(AppState& state, const std::vector<int64_t>& runs);

} // namespace clwb::ui
