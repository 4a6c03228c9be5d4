// SPDX-License-Identifier: GPL-3.0-or-later
// Best values over sessions, sizes on disk, and that only what no run needs is removed.
#include "core/base/file.h"
#include "core/store/best_metrics.h"
#include "core/store/disk_use.h"
#include "core/store/finished_run.h"
#include "tests/plain/store_support.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace clwb;
using store::Project;
namespace fs = std::filesystem;

namespace
{

void writeBytes(const fs::path& file, int count)
{
    fs::create_directories(file.parent_path());
    std::ofstream(file) << std::string(static_cast<size_t>(count), 'x');
}

/// A run that ended so, with 100 bytes of model and two resume states of 30.
int64_t addRun(const fs::path& file, const std::string& status)
{
    auto writer = store::RunWriter::createRun(file, test::sampleRun(status)).value();
    writer->addCheckpoint("checkpoint/checkpoint-1", 1, "abc");
    writer->finish(status, "", 1);
    writeBytes(writer->folder() / "model/model.safetensors", 100);
    writeBytes(writer->folder() / "checkpoint/checkpoint-1/tensors.safetensors", 30);
    writeBytes(writer->folder() / "checkpoint/checkpoint-2/tensors.safetensors", 30);
    return writer->runId();
}

} // namespace

class TestDiskUse : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bestIsTheLargestAfterTraining()
    {
        const QTemporaryDir folder;
        auto project = Project::open(fs::path(folder.path().toStdString()) / "p.db",
                                     store::OpenMode::CreateIfMissing);
        QVERIFY(project.has_value());
        store::FinishedRun run;
        run.spec = test::sampleRun().resolvedSpec;
        run.metrics = {{0, {{"ZS-Acc", 90.0}}},
                       {1, {{"ZS-Acc", 70.0}, {"val ZS-Acc", 80.0}}},
                       {2, {{"ZS-Acc", 75.0}}},
                       {3, {{"ZS-Acc", 75.0}}}};
        const auto trained = store::insertFinishedRun(*project, run);
        run.metrics = {{0, {{"ZS-Acc", 60.0}}}};
        const auto original = store::insertFinishedRun(*project, run);
        QVERIFY(trained && original);
        const auto best = store::bestMetrics(*project);
        QVERIFY(best.has_value());
        QCOMPARE(best->at(*trained).at("ZS-Acc").value, 75.0);
        QCOMPARE(best->at(*trained).at("ZS-Acc").session, 2);
        QVERIFY(!best->at(*trained).contains("val ZS-Acc"));
        QCOMPARE(best->at(*original).at("ZS-Acc").value, 60.0);
    }

    void theBestKnowsItsStep()
    {
        const QTemporaryDir folder;
        const fs::path file = fs::path(folder.path().toStdString()) / "p.db";
        QVERIFY(Project::open(file, store::OpenMode::CreateIfMissing).has_value());
        auto writer = store::RunWriter::createRun(file, test::sampleRun("running")).value();
        for (int64_t step = 1; step <= 30; ++step)
            writer->addStep(step, step <= 10 ? 1 : step <= 25 ? 2 : 3, 1, 0.1, {{"CE", 1.0}});
        for (int session = 1; session <= 3; ++session) {
            metrics::EvaluationRecord record = test::sampleRecord(session);
            if (session == 2)
                record.zs->hits = record.zs->totals;
            writer->addEvaluation(record, {});
        }
        writer->finish("finished", "", 1);
        const int64_t id = writer->runId();
        writer.reset();
        const auto project = Project::open(file, store::OpenMode::ReadOnly);
        const auto best = store::bestMetrics(*project);
        QVERIFY(best.has_value());
        QCOMPARE(best->at(id).at("ZS-Acc").session, 2);
        QCOMPARE(best->at(id).at("ZS-Acc").step.value_or(0), int64_t{25});
        const auto first = store::sessionMetrics(*project, {1});
        QVERIFY(first && first->at(id).contains({1, "ZS-Acc"}));
        QVERIFY(!first->at(id).contains({2, "ZS-Acc"}));
        const auto sessions = store::evaluatedSessions(*project, {"ZS-Acc"});
        QVERIFY(sessions && sessions->size() == 3);
        QCOMPARE(sessions->at(3).at("MST"), 1);
    }

    void onlyFinishedRunsHaveSomethingToSpare()
    {
        const QTemporaryDir folder;
        const fs::path file = fs::path(folder.path().toStdString()) / "p.db";
        QVERIFY(Project::open(file, store::OpenMode::CreateIfMissing).has_value());
        const int64_t finished = addRun(file, "finished");
        const int64_t stopped = addRun(file, "stopped");
        auto project = Project::open(file, store::OpenMode::ReadWrite);
        QVERIFY(project.has_value());
        const auto use = [&](int64_t id) { return store::diskUse(*project, *project->run(id)); };
        QCOMPARE(use(finished).bytes, uint64_t{160});
        QCOMPARE(use(finished).spare, uint64_t{60});
        QCOMPARE(use(stopped).spare, uint64_t{0});
        const auto freed = store::removeSpareStates(*project, {finished, stopped});
        QVERIFY(freed.has_value());
        QCOMPARE(*freed, uint64_t{60});
        QCOMPARE(use(finished).bytes, uint64_t{100});
        QVERIFY(project->checkpoints(finished)->empty());
        QCOMPARE(use(stopped).bytes, uint64_t{160});
        QCOMPARE(project->checkpoints(stopped)->size(), size_t{1});
    }

    void linkedFoldersAreLeftAlone()
    {
        const QTemporaryDir folder;
        const fs::path root(folder.path().toStdString());
        QVERIFY(Project::open(root / "p.db", store::OpenMode::CreateIfMissing).has_value());
        const int64_t id = addRun(root / "p.db", "finished");
        auto project = Project::open(root / "p.db", store::OpenMode::ReadWrite);
        QVERIFY(project.has_value());
        const fs::path states = project->runFolder(id) / "checkpoint";
        fs::rename(states, root / "elsewhere");
        fs::create_directory_symlink(root / "elsewhere", states);
        QCOMPARE(store::removeSpareStates(*project, {id}).value_or(1), uint64_t{0});
        QVERIFY(fs::exists(root / "elsewhere/checkpoint-1/tensors.safetensors"));
    }
};

QTEST_GUILESS_MAIN(TestDiskUse)
#include "tst_disk_use.moc"
