// SPDX-License-Identifier: GPL-3.0-or-later
// Events of a run as they arrive in the project, and Bwt from the sessions seen so far.
#include "core/run/store_observer.h"
#include "core/store/details.h"
#include "core/store/project.h"
#include "core/store/run_items.h"
#include "core/store/sqlite.h"
#include "tests/plain/check.h"
#include "tests/plain/detail_support.h"
#include "tests/plain/store_support.h"

#include <limits>

using namespace clwb;
using clwb::test::TemporaryFolder;

namespace
{

/// Accuracies of two sessions after a session, of 10 crops each.
metrics::EvaluationRecord recordWith(int session, int64_t firstHits, int64_t secondHits)
{
    metrics::EvaluationRecord record = test::sampleRecord(session);
    record.ut->confusion = {{firstHits, 10 - firstHits}, {10 - secondHits, secondHits}};
    return record;
}

void sendRun(run::StoreObserver& observer)
{
    run::RunStarted started;
    started.resolvedSpec = test::sampleRun().resolvedSpec;
    started.resolvedSpec["study_sha256"] = "s";
    started.sessions = 5;
    observer(started);
    observer(run::Evaluated{recordWith(0, 1, 1), "eval-0.json"});
    observer(run::SessionStarted{1, {0}, 10});
    run::StepDone step;
    step.session = 1;
    step.epoch = 2;
    step.step = 3;
    step.lr = 0.25;
    step.losses = {{"CE", 0.5}};
    observer(step);
    observer(run::StepSkipped{1, 2, 4, {"17", "18"}, "loss became NaN"});
    observer(run::Merged{1, 0.5});
    observer(run::Progress{});
    observer(run::Warning{"beware"});
    observer(run::CheckpointSaved{"checkpoint/a", 3, "cc"});
    observer(run::Evaluated{recordWith(1, 9, 2), "eval-1.json"});
}

void storesEveryEvent()
{
    const TemporaryFolder folder;
    const auto file = folder.path() / "p.db";
    auto writer = store::RunWriter::createRun(file, test::sampleRun());
    if (!CHECK_OK(writer))
        return;
    run::StoreObserver observer(**writer, {}, 100);
    sendRun(observer);
    observer(run::Evaluated{recordWith(2, 6, 8), "eval-2.json"});
    observer(run::Finished{"finished", "well done", 3});
    CHECK_OK((*writer)->flush());

    auto project = store::Project::open(file, store::OpenMode::ReadOnly);
    const auto run = project->run(1);
    if (!CHECK_OK(run))
        return;
    CHECK_EQUAL(run->status, "finished");
    CHECK_EQUAL(run->message, "well done");
    CHECK_EQUAL(run->sessions, 5);
    CHECK(run->seconds >= 100 && run->seconds < 200);
    CHECK_EQUAL(run->metrics.at("Bwt"), 60.0 - 90.0); // session 1: 9 of 10, then 6 of 10
    const auto steps = project->steps(1);
    CHECK_EQUAL(steps->size(), size_t{1});
    CHECK_EQUAL(steps->at(0).lr, 0.25);
    CHECK_EQUAL(steps->at(0).epoch, 2);
    const auto warnings = project->warnings(1);
    CHECK_EQUAL(warnings->size(), size_t{2});
    CHECK(warnings->at(0).find("loss became NaN") != std::string::npos);
    CHECK_EQUAL(project->checkpoints(1)->at(0).folder, "checkpoint/a");
    CHECK_EQUAL((*project->resolvedSpec(1))["study_sha256"].get<std::string>(), "s");
    const auto metrics = project->metrics(1);
    for (const auto& point : *metrics)
        CHECK(point.name != "Bwt" || point.session == 2); // undefined for one session
}

void keepsTheLossesOfTheStepThatBroke()
{
    const TemporaryFolder folder;
    const auto file = folder.path() / "p.db";
    auto writer = store::RunWriter::createRun(file, test::sampleRun());
    if (!CHECK_OK(writer))
        return;
    run::StoreObserver observer(**writer);
    sendRun(observer);
    constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
    observer(run::StepBroken{1, 2, 4, 0.25, {{"CE", kNaN}, {"VR", 0.125}}});
    observer(run::Finished{"failed", "CE became NaN", 3});
    CHECK_OK((*writer)->flush());
    const auto steps = store::Project::open(file, store::OpenMode::ReadOnly)->steps(1, 3);
    if (!CHECK_OK(steps))
        return;
    CHECK_EQUAL(steps->size(), size_t{2});
    for (const store::StepPoint& point : *steps) {
        const bool isCe = point.lossName == "CE";
        CHECK_EQUAL(point.step, 4);
        CHECK_EQUAL(point.value.has_value(), !isCe);
        CHECK_EQUAL(point.valueKind, isCe ? "nan" : "");
    }
}

void resumedRunKnowsEarlierSessions()
{
    const TemporaryFolder folder;
    const auto file = folder.path() / "p.db";
    {
        auto writer = store::RunWriter::createRun(file, test::sampleRun());
        run::StoreObserver observer(**writer);
        sendRun(observer);
        observer(run::Finished{"stopped", "", 3});
    }
    const auto earlier = store::Project::open(file, store::OpenMode::ReadOnly)->evaluations(1);
    auto writer = store::RunWriter::resumeRun(file, 1, 3, 1);
    if (!CHECK_OK(writer) || !CHECK_OK(earlier))
        return;
    run::StoreObserver observer(**writer, *earlier);
    metrics::EvaluationRecord epoch = recordWith(1, 8, 3);
    epoch.epoch = 1;
    observer(run::Evaluated{epoch, "eval-1-e1.json"}); // no part of Bwt
    observer(run::Evaluated{recordWith(2, 7, 9), "eval-2.json"});
    CHECK_OK((*writer)->flush());
    auto project = store::Project::open(file, store::OpenMode::ReadOnly);
    CHECK_EQUAL(project->run(1)->metrics.at("Bwt"), 70.0 - 90.0);
    const auto epochMetrics = project->epochMetrics(1);
    CHECK(!epochMetrics->empty());
    for (const auto& point : *epochMetrics)
        CHECK_EQUAL(point.epoch.value_or(0), 1);
}

void takenRecordsShareTheirDetails()
{
    const TemporaryFolder folder;
    const auto file = folder.path() / "p.db";
    {
        auto source = store::RunWriter::createRun(file, test::sampleRun("source"));
        if (!CHECK_OK(source))
            return;
        for (const int session : {0, 1})
            (*source)->addEvaluation(recordWith(session, 5, 5), std::nullopt,
                                     test::drawDetails(uint64_t(session) + 1));
        (*source)->finish("finished", "", 1);
        CHECK_OK((*source)->flush());
    }
    auto project = store::Project::open(file, store::OpenMode::ReadOnly);
    const std::string uid = project->run(1)->uid;
    auto writer = store::RunWriter::createRun(file, test::sampleRun("branch"));
    if (!CHECK_OK(writer))
        return;
    run::StoreObserver observer(**writer);
    observer.take(recordWith(0, 5, 5), "");  // not wanted
    observer.take(recordWith(1, 9, 2), uid); // counts for Bwt, too
    observer(run::Evaluated{recordWith(2, 6, 8), "eval-2.json"});
    CHECK_OK((*writer)->flush());
    CHECK_EQUAL(project->run(2)->metrics.at("Bwt"), 60.0 - 90.0);
    const auto index = store::detailIndex(*project, 2);
    if (!CHECK_OK(index))
        return;
    CHECK_EQUAL(index->predictions.size(), size_t{2}); // ut and zs of session 1
    for (const store::PredictionEntry& entry : index->predictions)
        CHECK_EQUAL(entry.session, 1);
    const auto own = store::predictions(*project, 2, 1, "ut");
    const auto left = store::predictions(*project, 1, 1, "ut");
    if (CHECK_OK(own) && CHECK_OK(left))
        CHECK(own->classes == left->classes && own->probabilities == left->probabilities);
    // Nothing is kept twice.
    CHECK_EQUAL(project->database().integer("SELECT count(*) FROM prediction")->value_or(0), 4);
    // What waits beside the project comes back as it was.
    const auto item = store::runItemFromJson(
        store::toJson(store::EvaluationItem{recordWith(1, 1, 1), std::nullopt, nullptr, uid}));
    if (CHECK_OK(item))
        CHECK_EQUAL(std::get<store::EvaluationItem>(*item).detailsOf, uid);
}

} // namespace

int main()
{
    RUN_CASE(storesEveryEvent);
    RUN_CASE(keepsTheLossesOfTheStepThatBroke);
    RUN_CASE(resumedRunKnowsEarlierSessions);
    RUN_CASE(takenRecordsShareTheirDetails);
    return clwb::test::result();
}
