// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/session_features.h"

#include "core/base/check.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace clwb::train
{

namespace
{

bool haveSameWeights(const model::ClipModel& a, const model::ClipModel& b)
{
    return std::all_of(a.parameters.begin(), a.parameters.end(), [&](const auto& entry) {
        return at::equal(entry.second, b.parameters.at(entry.first));
    });
}

} // namespace

at::Tensor rowsOf(const SessionPlan& session, const std::vector<int64_t>& batch)
{
    at::Tensor rows = at::empty({static_cast<int64_t>(batch.size())}, at::kLong);
    auto* out = rows.mutable_data_ptr<int64_t>();
    for (const int64_t item : batch) {
        const auto found = std::lower_bound(session.items.begin(), session.items.end(), item);
        CLWB_CHECK(found != session.items.end() && *found == item);
        *out++ = found - session.items.begin();
    }
    return rows;
}

Result<SessionFeatures> prepareSession(const FeatureInputs& inputs, const SessionPlan& session,
                                       const eval::EncodeOptions& options)
{
    SessionFeatures features;
    features.teacherAgrees = haveSameWeights(inputs.student, inputs.teacher);
    const bool imageFrozen = !model::trainsImage(inputs.option);
    const bool textFrozen = !model::trainsText(inputs.option);
    const bool keepImages = !inputs.augmented;
    if (imageFrozen && keepImages) {
        CLWB_ASSIGN(features.studentImages,
                    eval::encodeItems(inputs.student, inputs.items, session.items, inputs.pictures,
                                      options));
        features.teacherImages = features.studentImages;
    } else if (inputs.needs.teacherImages && keepImages) {
        CLWB_ASSIGN(features.teacherImages,
                    eval::encodeItems(inputs.teacher, inputs.items, session.items, inputs.pictures,
                                      options));
    }
    if (inputs.compact && features.teacherImages.defined())
        features.teacherImages = features.teacherImages.to(at::kHalf);
    if (inputs.compact && features.studentImages.defined())
        features.studentImages = features.teacherImages;
    const auto seen = static_cast<size_t>(session.info.seen.count);
    const model::Sentences prompts(inputs.classPrompts.begin(),
                                   inputs.classPrompts.begin() + static_cast<std::ptrdiff_t>(seen));
    eval::EncodeOptions quiet = options;
    quiet.progress = {};
    if (textFrozen) {
        CLWB_ASSIGN(features.studentClasses, eval::encodeSentences(inputs.student, prompts, quiet));
        features.teacherClasses = features.studentClasses;
    } else if (inputs.needs.teacherClasses) {
        CLWB_ASSIGN(features.teacherClasses, eval::encodeSentences(inputs.teacher, prompts, quiet));
    }
    return features;
}

} // namespace clwb::train
