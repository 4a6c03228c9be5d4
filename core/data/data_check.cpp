// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/data_check.h"

#include "core/base/number_text.h"
#include "core/data/image_decode.h"
#include "core/data/study_loader.h"
#include "core/data/table_one.h"

#include <algorithm>
#include <atomic>
#include <ctime>
#include <mutex>
#include <set>
#include <thread>

namespace clwb::data
{
namespace
{

using Severity = Problem::Severity;

void countItems(const std::vector<Item>& items, int64_t PartCounts::*part, CheckReport& report)
{
    for (const Item& item : items) {
        ClassCount& ofClass = report.classes[static_cast<size_t>(item.label)];
        ++(ofClass.items.*part);
        ++(report.sessions[static_cast<size_t>(ofClass.session - 1)].items.*part);
    }
}

/// Fills in Table I where a session has exactly the paper's classes.
void comparePaper(CheckReport& report)
{
    for (SessionCount& session : report.sessions) {
        if (session.session > static_cast<int>(paperSessions().size()))
            continue;
        const PaperSession& paper = paperSessions()[static_cast<size_t>(session.session - 1)];
        std::set<std::string_view> names;
        for (const ClassCount& ofClass : report.classes) {
            if (ofClass.session == session.session)
                names.insert(ofClass.name);
        }
        if (names == std::set<std::string_view>(paper.classes.begin(), paper.classes.end())) {
            session.paperTrain = paper.trainCrops;
            session.paperTest = paper.testCrops;
        }
    }
}

void countEverything(const StudyData& data, CheckReport& report)
{
    for (int session = 1; session <= data.sessions; ++session)
        report.sessions.push_back({session, 0, {}, {}, {}});
    for (size_t c = 0; c < data.classes.size(); ++c) {
        report.classes.push_back({data.classes[c], data.sessionOfClass[c], {}});
        ++report.sessions[static_cast<size_t>(data.sessionOfClass[c] - 1)].classes;
    }
    countItems(data.utTrain, &PartCounts::train, report);
    countItems(data.utVal, &PartCounts::val, report);
    countItems(data.utTest, &PartCounts::test, report);
    comparePaper(report);
    const auto addLabelled = [&](const char* name, const LabelledSet& set) {
        if (!set.classes.empty())
            report.sets.push_back({name, static_cast<int64_t>(set.classes.size()),
                                   static_cast<int64_t>(set.items.size()), 0});
    };
    addLabelled("zero_shot", data.zeroShot);
    addLabelled("zero_shot_validation", data.zeroShotValidation);
    const auto addRetrieval = [&](const std::vector<RetrievalData>& sets, const char* split) {
        for (const RetrievalData& set : sets) {
            int64_t captions = 0;
            for (const auto& ofImage : set.captions)
                captions += static_cast<int64_t>(ofImage.size());
            report.sets.push_back({"retrieval " + set.name + " " + split, 0,
                                   static_cast<int64_t>(set.images.size()), captions});
        }
    };
    addRetrieval(data.retrieval, "test");
    addRetrieval(data.retrievalValidation, "val");
}

/// The softmax over a single class is 1 whatever the model says: its cross-entropy is 0.
void warnOfSingleClasses(CheckReport& report)
{
    for (const SessionCount& session : report.sessions) {
        if (session.classes == 1)
            report.problems.push_back(
                {Severity::Warning,
                 "session " + std::to_string(session.session) +
                     " has a single class: trained against the classes of its session "
                     "(ce_classes: current) it learns nothing; give it two or more",
                 report.file.string()});
    }
}

std::vector<std::string> filesOf(const StudyData& data)
{
    std::set<std::string> files;
    const auto add = [&](const std::vector<Item>& items) {
        for (const Item& item : items)
            files.insert(item.file.string());
    };
    add(data.utTrain);
    add(data.utVal);
    add(data.utTest);
    add(data.zeroShot.items);
    add(data.zeroShotValidation.items);
    for (const RetrievalData& set : data.retrieval)
        add(set.images);
    for (const RetrievalData& set : data.retrievalValidation)
        add(set.images);
    return {files.begin(), files.end()};
}

/// What this thread computed so far: other programs and the other threads add nothing to it.
double threadSeconds()
{
    timespec spent{};
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) / 1e9;
}

/// Why a file cannot be decoded; empty when it can.
std::string decodingProblem(const std::string& file)
{
    try {
        const auto image = decodeImageFile(file, Orientation::Ignore);
        return image ? std::string() : image.error().message;
    } catch (const std::exception& exception) { // a thread boundary
        return exception.what();
    }
}

Result<void> decodeEverything(const StudyData& data, const CheckOptions& options,
                              const StopToken& stop, CheckReport& report)
{
    const std::vector<std::string> files = filesOf(data);
    std::vector<std::string> reasons(files.size());
    std::vector<double> seconds(files.size());
    std::atomic<size_t> next{0};
    std::mutex mutex; // guards done and the calls of progress
    int64_t done = 0;
    const auto work = [&] {
        for (size_t i = next++; i < files.size() && !stop.stopRequested(); i = next++) {
            const double begin = threadSeconds();
            reasons[i] = decodingProblem(files[i]);
            seconds[i] = threadSeconds() - begin;
            const std::lock_guard lock(mutex);
            ++done;
            if (options.progress)
                options.progress(done, static_cast<int64_t>(files.size()));
        }
    };
    {
        std::vector<std::jthread> helpers;
        for (int i = 1; i < options.threads; ++i)
            helpers.emplace_back(work);
        work();
    }
    if (stop.stopRequested())
        return fail(ErrorCode::Stopped, "stopped while decoding images");
    report.decodedImages = done;
    for (size_t i = 0; i < files.size(); ++i) {
        if (!reasons[i].empty())
            report.problems.push_back({Severity::Error,
                                       "cannot be decoded, a run would stop there: " + reasons[i],
                                       files[i]});
        else if (seconds[i] > options.slowSeconds)
            report.problems.push_back({Severity::Warning,
                                       "slow: decoding it took " + fixedText(seconds[i], 1) +
                                           " s, which a run waits for; a smaller copy would do",
                                       files[i]});
    }
    return {};
}

} // namespace

int64_t CheckReport::count(Severity severity) const
{
    return std::count_if(problems.begin(), problems.end(),
                         [&](const Problem& problem) { return problem.severity == severity; });
}

Result<CheckReport> checkStudy(const spec::Study& study, const CheckOptions& options,
                               const StopToken& stop)
{
    CLWB_ASSIGN(CheckedStudy checked, inspectStudy(study, options, stop));
    return std::move(checked.report);
}

Result<CheckedStudy> inspectStudy(const spec::Study& study, const CheckOptions& options,
                                  const StopToken& stop)
{
    DataNeeds needs;
    needs.validation = true;
    needs.checkMemory = options.checkMemory;
    needs.looked = options.looked;
    CLWB_ASSIGN(LoadedStudy loaded, collectStudyData(study, needs, stop));
    CheckReport report;
    report.study = study.name;
    report.file = study.file;
    for (const Error& error : loaded.fatal) {
        const std::string hint = error.hint.empty() ? "" : "; " + error.hint;
        report.problems.push_back({Severity::Error, error.message + hint, study.file.string()});
    }
    std::move(loaded.data.problems.begin(), loaded.data.problems.end(),
              std::back_inserter(report.problems));
    countEverything(loaded.data, report);
    warnOfSingleClasses(report);
    if (options.deep && !hasImageDecoder()) {
        report.problems.push_back({Severity::Note,
                                   "this build decodes no JPEG, PNG or WebP: the "
                                   "images were not decoded",
                                   study.file.string()});
    } else if (options.deep) {
        CLWB_TRY(decodeEverything(loaded.data, options, stop, report));
    }
    std::stable_sort(report.problems.begin(), report.problems.end(),
                     [](const Problem& a, const Problem& b) { return a.severity > b.severity; });
    const auto isUsage = [](const Error& error) { return error.code == ErrorCode::Usage; };
    if (std::any_of(loaded.fatal.begin(), loaded.fatal.end(), isUsage))
        report.failure = ErrorCode::Usage;
    else if (report.count(Severity::Error) > 0)
        report.failure = ErrorCode::Data;
    loaded.data.problems.clear();
    return CheckedStudy{std::move(report), std::move(loaded.data)};
}

} // namespace clwb::data
