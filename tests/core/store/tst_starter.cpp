// SPDX-License-Identifier: GPL-3.0-or-later
// The starter project: reported rows once, recognised again, one file without neighbours.
#include "core/store/bundle.h"
#include "core/store/neutral_paths.h"
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

    void pathsAreShortened_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        QTest::newRow("named file") << "run on /data/demo/world/study.json now"
                                    << "run on world/study.json now";
        QTest::newRow("named folder") << "missing: /data/demo/world/coco/a.jpg"
                                      << "missing: world/coco/a.jpg";
        QTest::newRow("below the root") << "model=/apps/clwb/resources/mini-clip"
                                        << "model=resources/mini-clip";
        QTest::newRow("root") << "/apps/clwb/build/bin/clwb run"
                              << "./build/bin/clwb run";
        QTest::newRow("other paths") << "'/users/me/x y' (/var/log/z.txt) --db=/tmp/a.db"
                                     << "'x y' (z.txt) --db=a.db";
        QTest::newRow("no paths") << "12/40 images/s, and/or, 3 / 4, https://a.b/c"
                                  << "12/40 images/s, and/or, 3 / 4, https://a.b/c";
    }
    void pathsAreShortened()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        const Json spec{{"study", "/data/demo/world/study.json"},
                        {"model", "/apps/clwb/resources/mini-clip"}};
        const store::PathNames names = store::neutralNames(spec, "/apps/clwb");
        QCOMPARE(QString::fromStdString(store::neutralText(text.toStdString(), names)), expected);
    }

    void nothingOfTheMachineIsShipped()
    {
        const test::TemporaryProject file;
        {
            Project project = file.open();
            store::FinishedRun run = test::finishedRun("a");
            run.spec["study"] = "/secret/place/world/study.json";
            run.spec["model"] = "/secret/tree/resources/mini-clip";
            run.spec["study_sha256"] = "ab12";
            run.environment = {{"host", "secret-host"},
                               {"cpu", "some CPU"},
                               {"command_line", "/secret/tree/bin/clwb run /secret/specs/a.json"}};
            run.notes = "from /secret/notes.txt";
            VERIFY_OK(store::insertFinishedRun(project, run));
            VERIFY_OK(project.database().run("INSERT INTO warning VALUES(1, 1, '', ?)",
                                             "missing: /secret/place/world/coco/1.jpg"));
            VERIFY_OK(project.database().run("UPDATE run SET folder = '/secret/folder'"));
        }
        VERIFY_OK(store::addReportedRuns(file.file(), reportedRuns()));
        VERIFY_OK(store::hideMachine(file.file(), "/secret/tree"));
        VERIFY_OK(store::sealProject(file.file()));
        QVERIFY(!test::bytesOf(file.file()).contains("secret"));
        const Project project = file.open(OpenMode::ReadOnly);
        const auto run = project.run(1);
        VERIFY_OK(run);
        QCOMPARE(run->study, std::string("world/study.json"));
        QCOMPARE(run->model, std::string("resources/mini-clip"));
        QCOMPARE(run->notes, std::string("from notes.txt"));
        QVERIFY(run->folder.empty() && project.run(2)->notes == "Table IV");
        const auto spec = project.resolvedSpec(1);
        QVERIFY((*spec)["study"] == "world/study.json" && (*spec)["study_sha256"] == "ab12");
        const auto environment = project.environment(1);
        QVERIFY((*environment)["command_line"] == "./bin/clwb run a.json");
        QVERIFY((*environment)["cpu"] == "some CPU" && !environment->contains("host"));
        QVERIFY(project.warnings(1)->front() == "missing: world/coco/1.jpg");
        const auto value =
            project.database().text("SELECT value FROM v_param WHERE run_id = 1 AND key = 'model'");
        QVERIFY(value && *value == "\"resources/mini-clip\"");
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
