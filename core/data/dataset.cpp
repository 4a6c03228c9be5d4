// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/dataset.h"

#include "core/data/study_loader.h"

#include <algorithm>

namespace clwb::data
{
namespace
{

using Severity = Problem::Severity;

/// One error out of parts that could not be read; Usage wins over Data.
Error mergedErrors(const std::vector<Error>& errors)
{
    Error merged = errors.front();
    for (size_t i = 1; i < errors.size(); ++i) {
        merged.message += "\n" + errors[i].message;
        if (merged.hint.empty())
            merged.hint = errors[i].hint;
        if (errors[i].code == ErrorCode::Usage)
            merged.code = ErrorCode::Usage;
    }
    return merged;
}

/// Count and first names of the problems that forbid a run.
Error problemError(const spec::Study& study, const std::vector<Problem>& problems)
{
    constexpr size_t kShown = 10;
    std::string list;
    size_t count = 0;
    for (const Problem& problem : problems) {
        if (problem.severity == Severity::Error && count++ < kShown)
            list += "\n  " + problem.where + ": " + problem.what;
    }
    if (count > kShown)
        list += "\n  … and " + std::to_string(count - kShown) + " more";
    return Error{ErrorCode::Data,
                 std::to_string(count) + (count == 1 ? " problem" : " problems") +
                     " in the data of study " + study.file.string() + ":" + list,
                 "'clwb data check' lists everything; \"images\": {\"allow_missing\": true} in the "
                 "study leaves images out that are missing or damaged"};
}

Result<void> loadParts(LoadContext& context, std::vector<Error>& fatal)
{
    const auto stopped = [&](Result<void> part) {
        if (part)
            return false;
        fatal.push_back(std::move(part.error()));
        return fatal.back().code == ErrorCode::Stopped;
    };
    const auto stop = [] { return fail(ErrorCode::Stopped, "stopped while reading the data"); };
    const spec::Study& study = context.study;
    const DataNeeds& needs = context.needs;
    if (study.updatedTask && (needs.train || needs.test || needs.validation)) {
        const bool isCoco = study.updatedTask->kind == "coco";
        if (stopped(isCoco ? loadCocoTask(context, *study.updatedTask)
                           : loadFolderTask(context, *study.updatedTask)))
            return stop();
    }
    if (needs.zeroShot && needs.testSplit && study.zeroShot &&
        stopped(loadZeroShotSet(context, *study.zeroShot, "zero_shot", context.data.zeroShot)))
        return stop();
    if (needs.zeroShot && needs.validation && study.zeroShotValidation &&
        stopped(loadZeroShotSet(context, *study.zeroShotValidation, "zero_shot_validation",
                                context.data.zeroShotValidation)))
        return stop();
    for (const spec::RetrievalSet& set : study.retrieval) {
        if (needs.retrieval && needs.testSplit &&
            stopped(loadRetrievalSet(context, set, "test", context.data.retrieval)))
            return stop();
        if (needs.retrieval && needs.validation &&
            stopped(loadRetrievalSet(context, set, "val", context.data.retrievalValidation)))
            return stop();
    }
    if (needs.replayCaptions && stopped(loadReplayCaptions(context)))
        return stop();
    return {};
}

} // namespace

Result<LoadedStudy> collectStudyData(const spec::Study& study, const DataNeeds& needs,
                                     const StopToken& stop)
{
    LoadContext context(study, needs, stop);
    LoadedStudy loaded;
    CLWB_TRY(loadParts(context, loaded.fatal));
    context.reportUnusual();
    if (needs.manifest && loaded.fatal.empty()) {
        // The sizes that the check of the pictures found: nothing is looked at again.
        const auto bytesOf = [&](const std::filesystem::path& file) {
            return context.checker().verdictOf(file).stamp.size;
        };
        CLWB_ASSIGN(context.data.manifest, makeManifest(study, needs, context.data, bytesOf));
    }
    loaded.data = std::move(context.data);
    return loaded;
}

Result<StudyData> loadStudyData(const spec::Study& study, const DataNeeds& needs,
                                const StopToken& stop)
{
    CLWB_ASSIGN(LoadedStudy loaded, collectStudyData(study, needs, stop));
    if (!loaded.fatal.empty()) {
        Error error = mergedErrors(loaded.fatal);
        return Failure(std::move(error).in("study " + study.file.string()));
    }
    const auto isError = [](const Problem& problem) { return problem.severity == Severity::Error; };
    if (std::any_of(loaded.data.problems.begin(), loaded.data.problems.end(), isError))
        return Failure(problemError(study, loaded.data.problems));
    return std::move(loaded.data);
}

} // namespace clwb::data
