// SPDX-License-Identifier: GPL-3.0-or-later
// The starter project: reported rows once, recognised again, one file without neighbours.
#include "core/store/bundle.h"
#include "core/store/starter.h"
#include "tests/core/store/store_fixture.h"

using namespace clwb;
using store::OpenMode;
using store::Project;

namespace fs = std::filesystem;

namespace
{

std::vector<store::ReportedRun> reportedRuns()
{
    store::ReportedRun row;
    row.name = "VR-LwF-WM";
    row.kind = "method";
    row.method = "vr-lwf";
    row.option = "WM";
    row.setting = "MST";
    row.source = "Table IV";
    row.params = {{"params.M", "10"}, {"params.replay", "random_tokens"}};
    row.session = 8;
    row.metrics = {{"UT-Acc (session mean)", 67.25}, {"Bwt", -3.5}};
    store::ReportedRun other = row;
    other.params["params.M"] = "20";
    return {row, other};
}

} // namespace

class TestStarter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reportedRowsAreStored()
    {
        const test::TemporaryProject file;
        VERIFY_OK(store::createStarterProject(file.file(), reportedRuns()));
        QCOMPARE(std::distance(fs::directory_iterator(file.folder()), fs::directory_iterator()),
                 std::ptrdiff_t{1});
        const Project project = file.open(OpenMode::ReadOnly);
        const auto runs = project.runs();
        VERIFY_OK(runs);
        QCOMPARE(runs->size(), size_t{2});
        const store::RunRow& run = runs->front();
        QVERIFY(run.origin == "paper" && run.status == "reported" && !run.seed);
        QVERIFY(run.method == "vr-lwf" && run.setting == "MST" && run.folder.empty());
        QVERIFY(run.notes == "Table IV" && run.lastSession == 8);
        QCOMPARE(run.metrics.at("Bwt"), -3.5);
        QCOMPARE(run.metrics.at("UT-Acc (session mean)"), 67.25);
        const auto value = project.database().text(
            "SELECT group_concat(key || '=' || value, ';') FROM (SELECT * FROM v_param "
            "WHERE run_id = 2 AND key LIKE 'params.%' ORDER BY key)");
        QVERIFY(value && *value == "params.M=20;params.replay=\"random_tokens\"");
        QVERIFY(project.steps(1)->empty() && project.sessionAccuracies(1)->empty());
    }

    void rowsComeOnce()
    {
        const test::TemporaryProject file;
        QCOMPARE(*store::addReportedRuns(file.file(), reportedRuns()), int64_t{2});
        QCOMPARE(*store::addReportedRuns(file.file(), reportedRuns()), int64_t{0});
        // The same rows of another project are recognised by their uid.
        const test::TemporaryProject other;
        VERIFY_OK(store::createStarterProject(other.file(), reportedRuns()));
        Project project = file.open();
        const auto report = store::importRuns(project, other.file());
        VERIFY_OK(report);
        QVERIFY(report->imported.empty() && report->skipped.size() == 2);
        VERIFY_FAILS(ErrorCode::Usage, store::createStarterProject(file.file(), {}));
    }

    void readingDoesNotTouchTheFile()
    {
        const test::TemporaryProject file;
        VERIFY_OK(store::createStarterProject(file.file(), reportedRuns()));
        const QByteArray before = test::bytesOf(file.file());
        {
            const Project project = file.open(OpenMode::ReadOnly);
            VERIFY_OK(project.runs());
            QVERIFY(!fs::exists(file.file().string() + "-wal"));
        }
        QCOMPARE(test::bytesOf(file.file()), before);
    }

    void sealingEndsInOneFile()
    {
        const test::TemporaryProject file;
        {
            Project project = file.open();
            VERIFY_OK(store::insertFinishedRun(project, test::finishedRun("a")));
            QVERIFY(fs::exists(file.file().string() + "-wal"));
        }
        VERIFY_OK(store::sealProject(file.file()));
        QVERIFY(!fs::exists(file.file().string() + "-wal"));
        const Project project = file.open(OpenMode::ReadOnly);
        QCOMPARE(project.runs()->size(), size_t{1});
    }
};

QTEST_APPLESS_MAIN(TestStarter)
#include "tst_starter.moc"
