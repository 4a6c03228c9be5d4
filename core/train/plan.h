// SPDX-License-Identifier: GPL-3.0-or-later
// The sessions of a run: which classes and items each trains on, and how many steps that makes.
#pragma once

#include "core/data/dataset.h"
#include "core/methods/method.h"
#include "core/spec/run_spec.h"

#include <cstdint>
#include <vector>

namespace clwb::train
{

struct SessionPlan
{
    methods::SessionInfo info;
    methods::ClassRange ceClasses; ///< label space of cross-entropy (register row A5)
    std::vector<int64_t> items;    ///< indices into StudyData::utTrain, rising
    int64_t batchesPerEpoch = 0;
};

struct RunPlan
{
    std::vector<SessionPlan> sessions; ///< in training order; empty for `original`
    int64_t totalSteps = 0;
};

/// OST: one session of all classes. MST: one a session. Joint: the last session with all data, or
/// every s with the data of 1 … s (register row A19).
RunPlan makePlan(const spec::RunSpec& spec, const data::StudyData& data);

/// Evaluations that evaluate.after asks for: before training, after epochs and sessions; of a run
/// that goes on, those after `doneSessions`.
int64_t plannedEvaluations(const spec::RunSpec& spec, const RunPlan& plan, int doneSessions = 0);

/// Items of a session in the order of an epoch (from 1): a function of (seed, session, epoch).
std::vector<int64_t> epochOrder(const SessionPlan& session, uint64_t seed, int64_t epoch);

/// Learning rate of an epoch (from 1): lr, times drop_factor after drop_after_epoch (§4.3).
double learningRate(const spec::Schedule& schedule, int64_t epoch);

/// How many pictures a step has on the mean: in sessions smaller than a batch, and in the last
/// batch of an epoch, there are fewer than the batch size.
/// @param doneSessions are left out
int64_t meanBatch(const spec::Schedule& schedule, const RunPlan& plan, int doneSessions);

} // namespace clwb::train
