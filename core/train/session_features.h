// SPDX-License-Identifier: GPL-3.0-or-later
// Embeddings that are constant during a session, computed once at its start (§5.0).
#pragma once

#include "core/base/error.h"
#include "core/eval/features.h"
#include "core/train/plan.h"

#include <ATen/core/Tensor.h>

#include <vector>

namespace clwb::train
{

/// Rows of image tensors follow SessionPlan::items. Undefined where nothing is constant or wanted.
struct SessionFeatures
{
    at::Tensor studentImages;  ///< [n, D] when the image tower is frozen
    at::Tensor teacherImages;  ///< [n, D] when asked for and no augmentation is on
    at::Tensor studentClasses; ///< [seen, D] when the text tower is frozen
    at::Tensor teacherClasses; ///< [seen, D] when asked for
    /// Both models have the same weights, until the trainer has made a step. Then the student's
    /// embeddings are taken for the teacher's: encoded twice they would differ by rounding, and
    /// Adam would turn that into full steps of weights whose gradient is 0.
    bool teacherAgrees = false;
};

/// Row of each item of `batch` (indices into utTrain) in SessionPlan::items. CHECK: all are there.
at::Tensor rowsOf(const SessionPlan& session, const std::vector<int64_t>& batch);

struct FeatureInputs
{
    const model::ClipModel& student;
    const model::ClipModel& teacher;
    const std::vector<data::Item>& items;
    const model::Sentences& classPrompts; ///< of all classes of the study
    data::PictureCache& pictures;
    methods::StepNeeds needs;
    model::Option option;
    bool augmented = false;
    bool compact = false; ///< keep image embeddings as fp16: half the memory, rounded
};

/// A frozen tower that student and teacher share is encoded once. The result depends on the items'
/// order and batch size alone, so a resumed session gets the same bits.
Result<SessionFeatures> prepareSession(const FeatureInputs& inputs, const SessionPlan& session,
                                       const eval::EncodeOptions& options);

} // namespace clwb::train
