// SPDX-License-Identifier: GPL-3.0-or-later
// Thinning of long loss curves: every step up to 20 000, then means over buckets that double.
#pragma once

#include "core/store/sqlite.h"

#include <cstdint>
#include <limits>

namespace clwb::store
{

inline constexpr int64_t kFullSteps = 20000;
/// For compactSteps: the last, incomplete bucket too.
inline constexpr int64_t kEndOfRun = std::numeric_limits<int64_t>::max();

/// Steps per stored row around a step: 1 up to 20 000, 2 up to 40 000, 4 up to 80 000, …, so that
/// each doubling of a run's length adds 10 000 rows.
int64_t stepBucketWidth(int64_t step);
/// Last step of the bucket that holds a step: the next multiple of the width.
int64_t stepBucketEnd(int64_t step);

/// Replaces the finite values of every bucket that ends at or before `upTo` by their mean, one row
/// a loss name, at the bucket's last step with a finite value. Buckets never span two sessions. NaN
/// and infinities keep rows of their own. The result depends on the values only, not on when or how
/// often this ran. Inside the caller's transaction.
Result<void> compactSteps(Database& database, int64_t runId, int64_t upTo);

} // namespace clwb::store
