// SPDX-License-Identifier: GPL-3.0-or-later
// Free queries on models of a project: which run's files answer, and where the truth is ranked.
#include "core/run/kept_model.h"
#include "core/run/project_query.h"
#include "core/run/stored_run.h"
#include "tests/core/run/tiny_runs.h"

#include <QTest>

using namespace clwb;
namespace fs = std::filesystem;

class TestProjectQuery : public QObject
{
    Q_OBJECT

private:
    test::TinyRuns m_runs;

private Q_SLOTS:
    void theOriginalAnswersFromTheRunsWhoseFilesAreHere()
    {
        const fs::path file = m_runs.root() / "shared.db";
        const fs::path away = m_runs.root() / "model-away";
        fs::copy(m_runs.root() / "model", away, fs::copy_options::recursive);
        run::StoredRunSetting setting;
        setting.project = file;
        test::require(store::Project::open(file, store::OpenMode::CreateIfMissing));
        for (const char* name : {"first", "second"}) {
            run::RunRequest request = m_runs.request(name, "ft");
            request.spec.evaluate.after = "session";
            if (std::string(name) == "first")
                request.spec.model = away;
            const auto stored = run::executeNewRun(request.spec, m_runs.folder(name), setting);
            QVERIFY2(stored && stored->status == "finished",
                     stored ? "" : toText(stored.error()).c_str());
        }
        fs::remove_all(away);
        const auto project = store::Project::open(file, store::OpenMode::ReadOnly);
        test::require(project);
        const auto index = store::detailIndex(*project);
        test::require(index);
        run::LiveRetrieval live({});
        run::ProjectQuery asked;
        asked.runId = 1;
        asked.setName = "tiny";
        asked.modelSha256 = index->retrieval.front().modelSha256;
        asked.text = "a red disc";
        const auto gone = run::askProject(*project, live, asked, {});
        QVERIFY(!gone && toText(gone.error()).find("model-away") != std::string::npos);
        asked.otherRuns = {1, 2};
        const auto answer = run::askProject(*project, live, asked, {});
        QVERIFY2(answer, answer ? "" : toText(answer.error()).c_str());
        asked.truthImage = answer->back().imageId;
        asked.best = 1;
        const auto told = run::askProject(*project, live, asked, {});
        QVERIFY(told && told->size() == 2);
        QCOMPARE(told->back().rank, static_cast<int64_t>(answer->size()) - 1);
        QVERIFY(told->back().isRelevant && !told->front().isRelevant);
        const auto first = project->run(1);
        test::require(first);
        QVERIFY(run::lackingToAsk(*first, 0) == run::Lacking::Model);
        QVERIFY(run::lackingToAsk(*first, first->lastSession) == run::Lacking::Nothing);
    }
};

QTEST_GUILESS_MAIN(TestProjectQuery)
#include "tst_project_query.moc"
