// SPDX-License-Identifier: GPL-3.0-or-later
// Branching: a new run starts from the state that another one had after one of its sessions.
#pragma once

#include "core/base/error.h"
#include "core/metrics/evaluation_record.h"
#include "core/spec/run_spec.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace clwb::run
{

/// The new run, and what is known of the other one, the source, after `session` of its sessions.
struct BranchRequest
{
    spec::RunSpec spec;      ///< of the new run; study and start model are the source's
    spec::RunSpec source;    ///< of the source
    std::string studySha256; ///< of the source's resolved spec; they must still hold
    std::string modelSha256;
    int session = 0;                                ///< 0: before training
    int sessions = 0;                               ///< planned by the source
    int64_t steps = 0;                              ///< optimiser steps until then
    std::filesystem::path folder;                   ///< of the source
    std::filesystem::path model;                    ///< after that session: sessions/<s>, or model/
    std::vector<metrics::EvaluationRecord> records; ///< until then
};

/// Writes the state into the folder of the new run, which then continues as if resumed.
/// Errors: DiskFull, Data.
using BranchWriter = std::function<Result<void>(const std::filesystem::path& folder)>;

/// Reads the state and checks that the new run can go on from it, before anything is written.
/// The continuation is exact: with the source's own settings the result has its bits.
/// Errors: Usage (a state of another kind is needed, or the optimiser's, or other scales);
///         Data (models missing or damaged, study or start model changed)
Result<BranchWriter> openBranch(const BranchRequest& request);

/// Records of sessions 0 … `session` and of epochs within them, in their order.
std::vector<metrics::EvaluationRecord>
recordsUntil(const std::vector<metrics::EvaluationRecord>& records, int session);

/// In a run folder: what later sessions need besides the model of sessions/<session>.
std::filesystem::path sessionStateFile(const std::filesystem::path& folder, int session);

} // namespace clwb::run
