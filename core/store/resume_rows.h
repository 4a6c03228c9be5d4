// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of a run that is continued: what is cut off when it goes on, what is put back when not.
#pragma once

#include "core/store/sqlite.h"

#include <cstdint>
#include <optional>
#include <string>

namespace clwb::store
{

/// From where a run goes on, and what it was before.
struct ResumeStart
{
    int64_t keepSteps = 0;
    int keepSessions = -1;
    std::string due;    ///< what markDue() gave
    std::string status; ///< stopped, interrupted or failed
    std::string message;
    std::optional<std::string> finishedUtc;
};

/// @param start gets status, message and finishedUtc. Inside the caller's transaction.
Result<void> readEnd(Database& database, int64_t runId, ResumeStart& start);

/// Notes in the project that this continuation has yet to cut the run back, or to give it back: a
/// text that no other continuation has. Inside the caller's transaction.
Result<std::string> markDue(Database& database, int64_t runId);

/// Of a run that is deleted. Inside the caller's transaction.
Result<void> forgetDue(Database& database, int64_t runId);

/// Deletes what lies beyond the resume state, once: where it is no longer due, as when a spool is
/// merged whose items are in the project already, the rows stay. Inside the caller's transaction.
Result<void> cutBack(Database& database, int64_t runId, const ResumeStart& start);

/// Lets go of a run that has not gone on: it is what it was. Likewise once. Inside the caller's
/// transaction.
Result<void> giveBack(Database& database, int64_t runId, const ResumeStart& start);

} // namespace clwb::store
