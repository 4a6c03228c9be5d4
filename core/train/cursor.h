// SPDX-License-Identifier: GPL-3.0-or-later
// The counters of a run in training, stored beside a checkpoint's tensors.
#pragma once

#include "core/base/json.h"
#include "core/train/loss_scaler.h"

#include <cstdint>

namespace clwb::train
{

/// Where a run is, and so what a checkpoint must say besides its tensors. Random draws are
/// functions of these counters, so no generator state is needed.
struct Cursor
{
    int sessionIndex = 0; ///< into RunPlan::sessions: the next or current one
    int64_t epoch = 0;    ///< finished epochs of that session
    int64_t batch = 0;    ///< finished batches of the next epoch
    int64_t step = 0;     ///< optimiser steps of the run
    int64_t skipped = 0;  ///< batches left out by on_nan: skip
    LossScaler scaler;    ///< of fp16 runs

    bool operator==(const Cursor&) const = default;
};

Json toJson(const Cursor& cursor);
Result<Cursor> cursorFromJson(const Json& document);

} // namespace clwb::train
