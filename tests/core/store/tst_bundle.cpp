// SPDX-License-Identifier: GPL-3.0-or-later
// Export and import: nothing is lost, nothing comes twice, foreign bundles are bounded.
#include "core/store/bundle.h"
#include "tests/core/store/store_fixture.h"

#include <zip.h>

#include <algorithm>
#include <cstdlib>
#include <limits>

using namespace clwb;
using store::BundleFiles;
using store::OpenMode;
using store::Project;

namespace fs = std::filesystem;

namespace
{

/// A local run with steps, records, warnings and files.
void writeRun(const fs::path& file)
{
    auto writer = store::RunWriter::createRun(file, test::sampleRun("full")).value();
    for (int64_t step = 1; step <= 5; ++step)
        writer->addStep(step, 1, 1, 0.1, {{"CE", 1.0 / 3.0}, {"total", 0.5}},
                        StepTime{1700000000123, 40 * step});
    writer->addStep(6, 1, 1, 0.1, {{"CE", std::numeric_limits<double>::quiet_NaN()}});
    writer->addEvaluation(test::sampleRecord(0), std::nullopt);
    writer->addEvaluation(test::sampleRecord(1), -1.0 / 7.0);
    metrics::EvaluationRecord epoch = test::sampleRecord(1);
    epoch.epoch = 2;
    writer->addEvaluation(epoch, std::nullopt);
    writer->addWarning("careful");
    writer->addLoad({1700000010, 93.4, uint64_t{1500} << 20, uint64_t{9000} << 20});
    writer->addLoad({1700000020, 12.5, uint64_t{1501} << 20, std::nullopt,
                     GpuLoadPoint{99.5, uint64_t{30000} << 20, uint64_t{81559} << 20}});
    fs::create_directories(writer->folder() / "model");
    test::writeBytes(writer->folder() / "spec.json", "{}");
    test::writeBytes(writer->folder() / "model" / "weights.bin", QByteArray(300000, 'w'));
    fs::create_symlink("/etc/passwd", writer->folder() / "link");
    writer->finish("finished", "done", 3.5);
}

QStringList dump(const Project& project, const std::string& sql)
{
    QStringList lines;
    auto rows = project.database().prepare(sql).value();
    while (rows.step().value()) {
        QStringList cells;
        for (int column = 0; column < rows.columns(); ++column)
            cells << QString::fromStdString(rows.text(column));
        lines << cells.join(QLatin1Char('|'));
    }
    return lines;
}

void compareProjects(const Project& a, const Project& b)
{
    for (const char* sql :
         {"SELECT uid, name, kind, method, option, setting, status, seed, created_utc, "
          "finished_utc, seconds, study, model, origin FROM v_run",
          "SELECT key, value FROM v_param ORDER BY key",
          "SELECT session, name, value FROM v_metric ORDER BY session, name",
          "SELECT after_session, session, hits, total FROM v_session_accuracy ORDER BY 1, 2",
          "SELECT session, epoch, name, value FROM v_epoch_metric ORDER BY 1, 2, 3",
          "SELECT step, session, epoch, loss_name, value, lr, value_kind FROM v_step ORDER BY 1, 4",
          "SELECT step, began_ms, work_ms FROM step ORDER BY 1",
          "SELECT session, epoch, split, record FROM evaluation ORDER BY 1, 2, 3",
          "SELECT utc, cpu_percent, memory_bytes, disk_free_bytes, gpu_percent, gpu_memory_bytes, "
          "gpu_total_bytes FROM v_load ORDER BY utc",
          "SELECT tag FROM tag", "SELECT number, text FROM warning"}) {
        const QStringList expected = dump(a, sql);
        QVERIFY(!expected.isEmpty());
        QCOMPARE(dump(b, sql), expected);
    }
}

void addEntry(zip_t* archive, const char* name, const QByteArray& content)
{
    // libzip reads it when the archive is closed, and frees it then.
    void* copy = content.isEmpty() ? nullptr : std::malloc(static_cast<size_t>(content.size()));
    std::copy(content.begin(), content.end(), static_cast<char*>(copy));
    zip_source_t* source =
        zip_source_buffer(archive, copy, static_cast<zip_uint64_t>(content.size()), 1);
    zip_file_add(archive, name, source, ZIP_FL_OVERWRITE);
}

} // namespace

class TestBundle : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bundleKeepsEverything()
    {
        const test::TemporaryProject from;
        const test::TemporaryProject to;
        writeRun(from.file());
        Project source = from.open();
        VERIFY_OK(source.setTags(1, {"a", "b"}));
        const fs::path bundle = from.folder() / "run.zip";
        VERIFY_OK(store::exportBundle(source, {1}, bundle));
        Project target = to.open();
        VERIFY_OK(store::insertFinishedRun(target, test::finishedRun("other")));
        VERIFY_OK(
            target.database().run("UPDATE run SET trashed_utc = 'x'")); // leaves one in the views
        const auto report = store::importRuns(target, bundle);
        VERIFY_OK(report);
        QVERIFY(report->imported == std::vector<int64_t>{2} && report->skipped.empty());
        VERIFY_OK(target.database().run("DELETE FROM run WHERE run_id = 1"));
        compareProjects(source, target);
        const fs::path folder = target.run(2)->folder;
        QCOMPARE(test::bytesOf(folder / "model" / "weights.bin"), QByteArray(300000, 'w'));
        QVERIFY(!fs::exists(fs::symlink_status(folder / "link")));
        // Again: skipped, reported, nothing changed.
        const auto again = store::importRuns(target, bundle);
        VERIFY_OK(again);
        QVERIFY(again->imported.empty() && again->skipped.size() == 1);
        QVERIFY(again->skipped[0].find("full") != std::string::npos);
        VERIFY_OK(target.purge(2));
        QVERIFY(!fs::exists(folder));
    }

    void projectsAreMerged()
    {
        const test::TemporaryProject from;
        const test::TemporaryProject to;
        writeRun(from.file());
        {
            Project source = from.open();
            VERIFY_OK(source.setTags(1, {"a"}));
            Project target = to.open();
            const auto report = store::importRuns(target, from.file());
            VERIFY_OK(report);
            QCOMPARE(report->imported.size(), size_t{1});
            compareProjects(source, target);
            QVERIFY(fs::exists(fs::path(target.run(1)->folder) / "spec.json"));
        }
        Project target = to.open();
        const auto self = store::importRuns(target, to.file());
        VERIFY_OK(self);
        QVERIFY(self->imported.empty());
        const test::TemporaryProject bare;
        Project without = bare.open();
        VERIFY_OK(store::importRuns(without, from.file(), BundleFiles::Leave));
        QVERIFY(without.run(1)->folder.empty());
    }

    void unfinishedRunsArriveInterrupted()
    {
        const test::TemporaryProject from;
        const test::TemporaryProject to;
        auto writer = store::RunWriter::createRun(from.file(), test::sampleRun());
        VERIFY_OK(writer);
        Project target = to.open();
        VERIFY_OK(store::importRuns(target, from.file()));
        QVERIFY(target.run(1)->status == "interrupted" && target.run(1)->owner.empty());
    }

    void damagedBundlesChangeNothing_data()
    {
        QTest::addColumn<QString>("change");
        QTest::addColumn<int>("code");
        const int data = static_cast<int>(ErrorCode::Data);
        for (const char* change : {"cut", "flip", "dotdot", "absolute", "no index", "no steps",
                                   "bad step", "other uid", "bad uid", "newer"})
            QTest::newRow(change) << QString::fromLatin1(change) << data;
        QTest::newRow("no bundle") << QStringLiteral("text") << static_cast<int>(ErrorCode::Usage);
    }

    void damagedBundlesChangeNothing()
    {
        QFETCH(QString, change);
        QFETCH(int, code);
        const test::TemporaryProject from;
        const test::TemporaryProject to;
        writeRun(from.file());
        Project source = from.open();
        const std::string uid = source.run(1)->uid;
        const fs::path bundle = from.folder() / "run.zip";
        VERIFY_OK(store::exportBundle(source, {1}, bundle));
        spoil(bundle, change, uid);
        Project target = to.open();
        const auto report = store::importRuns(target, bundle);
        QVERIFY(!report.has_value());
        QVERIFY2(static_cast<int>(report.error().code) == code, report.error().message.c_str());
        QVERIFY(target.runs()->empty());
        const fs::path files = to.file().string() + ".files";
        QVERIFY(!fs::exists(files) || fs::is_empty(files));
        QVERIFY(!fs::exists(to.folder() / "evil"));
    }

    void exportRefusesUnknownRuns()
    {
        const test::TemporaryProject from;
        const Project source = from.open();
        const fs::path bundle = from.folder() / "run.zip";
        VERIFY_FAILS(ErrorCode::Usage, store::exportBundle(source, {5}, bundle));
        QCOMPARE(fs::exists(bundle), false);
        VERIFY_FAILS(ErrorCode::Data, store::exportBundle(source, {}, "/nowhere/at/all.zip"));
    }

    void tablesAreImported()
    {
        const test::TemporaryProject to;
        Project project = to.open();
        const std::vector<std::string> header{
            "run_id", "uid",     "name", "kind",    "method",
            "option", "setting", "seed", "seconds", "UT-Acc (overall)",
            "Bwt"};
        const std::string uid(32, 'a');
        const auto report = store::importTable(
            project, header,
            {{"5", uid, "=x", "method", "ft", "WM", "MST", "3", "1.5", "61.25", "-18.45"},
             {"6", uid, "twin", "", "", "", "", "", "", "", ""},
             {"7", "", "plain", "original", "", "", "", "", "", "", "nan"}});
        VERIFY_OK(report);
        QVERIFY(report->imported.size() == 2 && report->skipped.size() == 1);
        const auto run = project.run(1);
        QVERIFY(run->name == "=x" && run->uid == uid && run->origin == "imported");
        QVERIFY(run->status == "finished" && run->seed == 3 && run->seconds == 1.5);
        QCOMPARE(run->metrics.at("Bwt"), -18.45);
        QCOMPARE(run->metrics.at("UT-Acc (overall)"), 61.25);
        QCOMPARE(project.run(2)->lastSession, 0);
    }

    void badTablesNameEveryProblem()
    {
        const test::TemporaryProject to;
        Project project = to.open();
        VERIFY_FAILS(ErrorCode::Data, store::importTable(project, {"a", "b"}, {{"1", "2"}}));
        const auto report = store::importTable(project, {"name", "kind", "seed", "Bwt", "uid"},
                                               {{"ok", "method", "1", "2", ""},
                                                {"bad", "sort", "1.5", "1,5", "xyz"},
                                                {"short", "method"}});
        VERIFY_FAILS(ErrorCode::Data, report);
        for (const char* part : {"row 3, column kind", "row 3, column seed", "row 3, column Bwt",
                                 "row 3, column uid", "row 4", "expected 5 cells, got 2"})
            QVERIFY2(report.error().message.find(part) != std::string::npos, part);
        QVERIFY(project.runs()->empty());
    }

private:
    static void spoil(const fs::path& bundle, const QString& change, const std::string& uid)
    {
        QByteArray bytes = test::bytesOf(bundle);
        if (change == QLatin1String("text"))
            return test::writeBytes(bundle, "just text, no archive");
        if (change == QLatin1String("cut"))
            return test::writeBytes(bundle, bytes.left(bytes.size() * 2 / 3));
        if (change == QLatin1String("flip")) {
            const qsizetype place = bytes.indexOf("wwwwwwww") + 1000;
            bytes[place] = 'x'; // a stored file: only its checksum tells
            return test::writeBytes(bundle, bytes);
        }
        const std::string prefix = "runs/" + uid + "/";
        zip_t* archive = zip_open(bundle.c_str(), 0, nullptr);
        const auto indexOf = [&](const std::string& name) {
            return static_cast<zip_uint64_t>(zip_name_locate(archive, name.c_str(), 0));
        };
        if (change == QLatin1String("dotdot"))
            addEntry(archive, (prefix + "files/../../../../evil").c_str(), "x");
        else if (change == QLatin1String("absolute"))
            addEntry(archive, "/tmp/evil", "x");
        else if (change == QLatin1String("no index"))
            zip_delete(archive, indexOf("bundle.json"));
        else if (change == QLatin1String("no steps"))
            zip_delete(archive, indexOf(prefix + "steps.jsonl"));
        else if (change == QLatin1String("bad step"))
            addEntry(archive, (prefix + "steps.jsonl").c_str(),
                     "{\"item\":\"step\",\"step\":-4}\n");
        else if (change == QLatin1String("newer"))
            addEntry(archive, "bundle.json",
                     "{\"format\":\"clwb-bundle\",\"schema\":2,\"runs\":[]}");
        else if (change == QLatin1String("other uid"))
            addEntry(archive, (prefix + "run.json").c_str(),
                     "{\"schema\":1,\"uid\":\"0123456789abcdef0123456789abcdef\","
                     "\"status\":\"finished\"}");
        else if (change == QLatin1String("bad uid"))
            addEntry(archive, (prefix + "run.json").c_str(),
                     "{\"schema\":1,\"uid\":\"'; DROP TABLE run\",\"status\":\"finished\"}");
        QCOMPARE(zip_close(archive), 0);
    }
};

QTEST_APPLESS_MAIN(TestBundle)
#include "tst_bundle.moc"
