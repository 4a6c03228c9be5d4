// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/calibration.h"

#include "core/base/check.h"
#include "core/base/number_text.h"
#include "core/metrics/recall_statistics.h"
#include "core/report/paper_numbers.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace clwb::report
{
namespace
{

constexpr const char* kCoco = "COCO 5K";
constexpr const char* kCocoFolds = "COCO 5x1K";
constexpr const char* kFlickr = "Flickr30k";
constexpr const char* kUt = "UT";
constexpr const char* kZs = "ZS";
constexpr const char* kPaper = "the paper";

using Recalls = std::array<double, 6>; // in the order of metrics::kRecallNames

// open_clip's docs/openclip_retrieval_results.csv, row of OpenAI's ViT-B/32.
constexpr Recalls kPublicCoco{50.12, 75.00, 83.52, 30.44, 55.94, 66.87};
constexpr Recalls kPublicFlickr{78.90, 94.90, 98.20, 58.78, 83.56, 90.02};
// Both accuracies of the paper follow from the same predictions only if session 1 lies below this.
constexpr double kMostOfSession1 = 12.0;
constexpr int64_t kZeroShotClasses = 351;
constexpr int64_t kZeroShotPerClass = 100;
constexpr size_t kSessions = 8;

/// The paper's number for the original model.
double paperValue(const char* setting, const char* metric)
{
    for (const ReportRun& run : paperRuns()) {
        const auto value = metricOf(run, metric);
        if (run.kind == "original" && run.setting == setting && value)
            return *value;
    }
    CLWB_CHECK(false, metric);
    return 0;
}

void skip(CalibrationReport& report, const char* group, std::string name, std::string reason)
{
    report.checks.push_back(
        {group, std::move(name), Verdict::Skipped, std::nullopt, std::nullopt, std::move(reason)});
}

void compare(CalibrationReport& report, const char* group, std::string name, double expected,
             std::optional<double> measured, std::string note)
{
    const bool isClose = measured && std::abs(*measured - expected) <= kAnchorTolerance;
    report.checks.push_back({group, std::move(name), isClose ? Verdict::Passed : Verdict::Failed,
                             expected, measured, std::move(note)});
}

const metrics::RetrievalRecord* findSet(const metrics::EvaluationRecord& record,
                                        const std::string& name)
{
    const auto found =
        std::find_if(record.retrieval.begin(), record.retrieval.end(),
                     [&](const auto& set) { return set.name == name && !set.shuffleSeed; });
    return found == record.retrieval.end() ? nullptr : &*found;
}

void compareRecalls(CalibrationReport& report, const char* group, const Recalls& expected,
                    const metrics::RetrievalRecord& set, const char* source)
{
    const auto values = metrics::valuesOf(metrics::recalls(set));
    for (size_t i = 0; i < expected.size(); ++i)
        compare(report, group, std::string(group) + " " + metrics::kRecallNames[i], expected[i],
                values[i], source);
}

void checkRetrieval(CalibrationReport& report, const CalibrationFacts& facts,
                    const metrics::EvaluationRecord& folded, const metrics::EvaluationRecord& whole)
{
    const metrics::RetrievalRecord* coco = findSet(whole, facts.cocoSet);
    const metrics::RetrievalRecord* folds = findSet(folded, facts.cocoSet);
    if (coco && folds) {
        compareRecalls(report, kCoco, kPublicCoco, *coco, "open_clip's published results");
        Recalls paper{};
        for (size_t i = 0; i < paper.size(); ++i)
            paper[i] = paperValue("OST", metrics::kRecallNames[i]);
        compareRecalls(report, kCocoFolds, paper, *folds, kPaper);
    } else {
        for (const char* group : {kCoco, kCocoFolds})
            skip(report, group, "recalls",
                 "no retrieval set of 5000 images with 25000 captions (Karpathy's test split of "
                 "COCO)");
    }
    if (const metrics::RetrievalRecord* flickr = findSet(whole, facts.flickrSet))
        compareRecalls(report, kFlickr, kPublicFlickr, *flickr, "open_clip's published results");
    else
        skip(report, kFlickr, "recalls",
             "no retrieval set named Flickr… of 1000 images with 5000 captions");
}

bool isPaperSession(const SessionCrops& session)
{
    const auto& paper = paperSessions();
    const auto number = static_cast<size_t>(session.session);
    if (number < 1 || number > paper.size())
        return false;
    const std::vector<std::string>& names = paper[number - 1].classes;
    return std::set<std::string>(session.classes.begin(), session.classes.end()) ==
           std::set<std::string>(names.begin(), names.end());
}

int64_t testCrops(const std::vector<SessionCrops>& sessions)
{
    int64_t crops = 0;
    for (const SessionCrops& session : sessions)
        crops += session.test.value_or(0);
    return crops;
}

/// Whether the study's updated task is the paper's, up to what a crop rule may leave out.
bool isPaperTask(const CalibrationFacts& facts)
{
    const int64_t expected = testCrops(paperSessions());
    return facts.sessions.size() == kSessions &&
           std::all_of(facts.sessions.begin(), facts.sessions.end(), isPaperSession) &&
           std::abs(static_cast<double>(testCrops(facts.sessions) - expected)) <=
               2 * kCountTolerance * static_cast<double>(expected);
}

void checkUpdatedTask(CalibrationReport& report, const CalibrationFacts& facts,
                      const metrics::EvaluationRecord& record)
{
    if (!record.ut || !isPaperTask(facts)) {
        skip(report, kUt, "accuracies",
             "COCO's 80 classes in Table I's sessions with 35360 test crops are needed, the study "
             "has " +
                 std::to_string(testCrops(facts.sessions)) + " test crops in " +
                 std::to_string(facts.sessions.size()) + " sessions");
        return;
    }
    compare(report, kUt, "UT-Acc (overall)", paperValue("OST", "UT-Acc (overall)"),
            metrics::utOverall(*record.ut), kPaper);
    compare(report, kUt, "UT-Acc (session mean)", paperValue("MST", "UT-Acc (session mean)"),
            metrics::utSessionMean(*record.ut), kPaper);
    const auto first = metrics::utPerSession(*record.ut).front();
    const bool isLow = first && *first <= kMostOfSession1 + kAnchorTolerance;
    report.checks.push_back({kUt, "UT-Acc of session 1, at most",
                             isLow ? Verdict::Passed : Verdict::Failed, kMostOfSession1, first,
                             "follows from the paper's two accuracies"});
}

void checkZeroShot(CalibrationReport& report, const metrics::EvaluationRecord& record)
{
    const bool isPaper = record.zs &&
                         record.zs->classes.size() == static_cast<size_t>(kZeroShotClasses) &&
                         std::all_of(record.zs->totals.begin(), record.zs->totals.end(),
                                     [](int64_t images) { return images == kZeroShotPerClass; });
    if (isPaper)
        compare(report, kZs, "ZS-Acc", paperValue("OST", "ZS-Acc"), metrics::zsAccuracy(*record.zs),
                kPaper);
    else
        skip(report, kZs, "ZS-Acc",
             "351 classes of 100 images are needed (tiered-ImageNet), the study has " +
                 std::to_string(record.zs ? record.zs->classes.size() : 0) + " classes");
}

/// Why the study does not measure a group of anchors, as a further reason; empty when it does.
std::string skipReason(const CalibrationReport& report, const char* group)
{
    for (const CalibrationCheck& check : report.checks) {
        if (check.group == group && check.verdict == Verdict::Skipped)
            return "; " + check.note;
    }
    return {};
}

/// Failures of one group of anchors.
struct GroupResult
{
    bool isMeasured = false;
    bool hasFailed = false;
    bool isLow = true; ///< every failure lies below its anchor
};

GroupResult resultOf(const CalibrationReport& report, std::initializer_list<const char*> groups)
{
    GroupResult result;
    for (const CalibrationCheck& check : report.checks) {
        const bool isOne = std::any_of(groups.begin(), groups.end(),
                                       [&](const char* group) { return check.group == group; });
        if (!isOne || check.verdict == Verdict::Skipped)
            continue;
        result.isMeasured = true;
        if (check.verdict == Verdict::Failed) {
            result.hasFailed = true;
            result.isLow = result.isLow && check.measured.value_or(0) < *check.expected;
        }
    }
    return result;
}

std::string causeOf(const std::string& group, const CalibrationReport& report)
{
    const GroupResult retrieval = resultOf(report, {kCoco, kCocoFolds, kFlickr});
    const GroupResult ut = resultOf(report, {kUt});
    const GroupResult zs = resultOf(report, {kZs});
    const auto isBad = [](const GroupResult& g) { return !g.isMeasured || g.hasFailed; };
    const int measured = static_cast<int>(retrieval.isMeasured) + static_cast<int>(ut.isMeasured) +
                         static_cast<int>(zs.isMeasured);
    if (measured > 1 && isBad(retrieval) && isBad(ut) && isBad(zs)) {
        return retrieval.isLow && ut.isLow && zs.isLow
                   ? "everything is low: the activation (hidden_act), a transposed projection, the "
                     "preprocessing, or prompt and tokenizer"
                   : "all numbers deviate: prompt or tokenizer, or other weights than OpenAI's";
    }
    if (ut.hasFailed && zs.hasFailed)
        return "UT and ZS only: the prompt, which retrieval does not use";
    if (group == kUt)
        return "UT only: the crops' geometry (updated_task.crop) or the choice of test images";
    if (group == kZs)
        return "ZS only: the class names (zero_shot.names, name_source) or the choice of images "
               "(seed, images_per_class)";
    if (resultOf(report, {kCoco}).isMeasured && !resultOf(report, {kCoco}).hasFailed &&
        group == kCocoFolds)
        return "folds only: the images' order in split_file, or the number of folds";
    return "retrieval only: the captions (first five each, prefix), their split file or the folds";
}

} // namespace

int64_t CalibrationReport::count(Verdict verdict) const
{
    return std::count_if(checks.begin(), checks.end(),
                         [&](const CalibrationCheck& check) { return check.verdict == verdict; });
}

void checkCounts(CalibrationReport& report, const CalibrationFacts& facts)
{
    const auto compareCrops = [&](int session, const char* part, std::optional<int64_t> paper,
                                  std::optional<int64_t> crops) {
        const auto expected = static_cast<double>(paper.value_or(0));
        const auto measured = static_cast<double>(crops.value_or(0));
        const bool isClose = std::abs(measured - expected) <= kCountTolerance * expected;
        report.checks.push_back(
            {"counts", part + std::string(" crops of session ") + std::to_string(session),
             isClose ? Verdict::Passed : Verdict::Failed, expected, measured,
             isClose ? "Table I, up to 0.5 %"
                     : "the annotation files (COCO 2014), the split file or the crop rule"});
    };
    bool isPaper = false;
    for (const SessionCrops& session : facts.sessions) {
        if (!isPaperSession(session))
            continue;
        isPaper = true;
        const SessionCrops& paper = paperSessions()[static_cast<size_t>(session.session) - 1];
        compareCrops(session.session, "test", paper.test, session.test);
        if (!facts.isTrainingSampled)
            compareCrops(session.session, "training", paper.train, session.train);
    }
    if (!isPaper)
        skip(report, "counts", "crops", "no session has the classes of a session of Table I");
    else if (facts.isTrainingSampled)
        skip(report, "counts", "training crops", "max_per_class takes a sample of them");
}

void checkAnchors(CalibrationReport& report, const CalibrationFacts& facts,
                  const metrics::EvaluationRecord& folded, const metrics::EvaluationRecord& whole)
{
    if (!facts.isViTB32) {
        CalibrationFacts asIfSame = facts;
        asIfSame.isViTB32 = true;
        CalibrationReport compared;
        checkAnchors(compared, asIfSame, folded, whole);
        for (const char* group : {kCoco, kCocoFolds, kFlickr, kUt, kZs})
            skip(report, group, "published numbers",
                 "they are OpenAI's ViT-B/32's, this is another model" +
                     skipReason(compared, group));
        return;
    }
    checkRetrieval(report, facts, folded, whole);
    checkUpdatedTask(report, facts, folded);
    checkZeroShot(report, folded);
}

void explainFailures(CalibrationReport& report)
{
    for (CalibrationCheck& check : report.checks) {
        const bool isAnchor = check.group != "self" && check.group != "counts";
        if (isAnchor && check.verdict == Verdict::Failed)
            check.note = causeOf(check.group, report);
    }
}

} // namespace clwb::report
