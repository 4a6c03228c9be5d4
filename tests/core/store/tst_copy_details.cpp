// SPDX-License-Identifier: GPL-3.0-or-later
// Details travel from project to project, whatever numbers their pictures have there.
#include "core/base/file.h"
#include "core/store/bundle.h"
#include "core/store/bundle_details.h"
#include "core/store/details.h"
#include "core/store/maintenance.h"
#include "core/store/zip_archive.h"
#include "tests/core/store/detail_fixture.h"

#include <chrono>
#include <map>
#include <unistd.h>

using namespace clwb;
using store::Direction;
using test::addRun;
using test::addThumbnails;
using test::count;
using test::near;
using test::TemporaryProject;

namespace fs = std::filesystem;

class TestCopyDetails : public QObject
{
    Q_OBJECT

private:
    /// Everything that two projects keep of a run's evaluations, one of them copied.
    static void compareDetails(const store::Project& project, int64_t id,
                               const store::Project& from, int64_t known)
    {
        QCOMPARE(store::detailIndex(project, id)->predictions.size(), size_t{6});
        for (const char* part : {"ut", "zs"}) {
            const auto copied = store::predictions(project, id, 2, part);
            const auto original = store::predictions(from, known, 2, part);
            VERIFY_OK(copied);
            QVERIFY(copied->classes == original->classes &&
                    copied->probabilities == original->probabilities &&
                    copied->truthRanks == original->truthRanks &&
                    copied->truthProbabilities == original->truthProbabilities);
        }
        for (const Direction which : {Direction::TextToImage, Direction::ImageToText}) {
            const auto copied = store::queries(project, id, 2, "COCO", which);
            const auto original = store::queries(from, known, 2, "COCO", which);
            VERIFY_OK(copied);
            QCOMPARE(copied->size(), original->size());
            for (size_t q = 0; q < copied->size(); ++q) {
                QVERIFY((*copied)[q].text == (*original)[q].text &&
                        (*copied)[q].bestRank == (*original)[q].bestRank);
                const auto position = static_cast<int32_t>(q);
                const auto ranked = store::candidates(project, id, 2, "COCO", which, position);
                const auto wanted = store::candidates(from, known, 2, "COCO", which, position);
                VERIFY_OK(ranked);
                QCOMPARE(ranked->size(), wanted->size());
                for (size_t at = 0; at < ranked->size(); ++at) {
                    QVERIFY((*ranked)[at].text == (*wanted)[at].text &&
                            (*ranked)[at].rank == (*wanted)[at].rank &&
                            (*ranked)[at].isRelevant == (*wanted)[at].isRelevant &&
                            near((*ranked)[at].score, (*wanted)[at].score, 1e-9));
                    QCOMPARE(store::imagePlace(project, (*ranked)[at].imageId)->path,
                             store::imagePlace(from, (*wanted)[at].imageId)->path);
                }
            }
        }
    }

    /// Two runs, thumbnails of one of their lists.
    static void fill(const TemporaryProject& source)
    {
        addRun(source.file(), 1, 10);
        addRun(source.file(), 1, 20);
        addThumbnails(source.open(), test::labelledList("zs", 5, 7, 0)->list);
    }

    /// Writes a bundle again with another details.db; none: without.
    static void replaceDetails(const fs::path& bundle, const std::optional<std::string>& content)
    {
        std::vector<std::pair<std::string, std::string>> texts;
        {
            auto zip = store::ZipReader::open(bundle);
            VERIFY_OK(zip);
            for (const store::ZipEntry& entry : zip->entries()) {
                auto text = zip->read(entry, uint64_t{1} << 30);
                VERIFY_OK(text);
                if (entry.name != "details.db")
                    texts.emplace_back(entry.name, *text);
            }
        }
        auto writer = store::ZipWriter::create(bundle);
        VERIFY_OK(writer);
        for (const auto& [name, text] : texts)
            VERIFY_OK(writer->addText(name, text));
        if (content)
            VERIFY_OK(writer->addText("details.db", *content));
        VERIFY_OK(writer->commit());
    }

    static std::string detailsIn(const fs::path& bundle)
    {
        auto zip = store::ZipReader::open(bundle);
        const store::ZipEntry* entry = zip ? zip->find("details.db") : nullptr;
        return entry ? zip->read(*entry, uint64_t{1} << 30).value_or("") : std::string();
    }

    /// What foreign details may be made to say, in a file that is whole otherwise.
    static std::map<std::string, std::string> changes()
    {
        test::DetailSizes folded;
        folded.folds = 2'000'000'000;
        metrics::ItemList talkative = test::retrievalList({})->list;
        talkative.captions[0] = std::string(20000, 'a');
        const auto hashIs = [](const std::string& sha256) { return "sha256 = x'" + sha256 + "'"; };
        return {
            {"other runs", "UPDATE run SET uid = '0123456789abcdef0123456789abcdef'"},
            {"changed", "UPDATE item SET label = 1 - label"},
            {"changed at last", "UPDATE prediction SET sha256 = x'00' WHERE prediction_id = "
                                "(SELECT max(prediction_id) FROM prediction)"},
            {"older schema", "PRAGMA user_version = 4"},
            // An endless table: nothing of it may be read.
            {"view instead of a table",
             "DROP TABLE list_caption; CREATE VIEW list_caption(list_id, position, caption_id) AS "
             "WITH RECURSIVE n(i) AS (VALUES(0) UNION ALL SELECT i + 1 FROM n) "
             "SELECT 1, i, 1 FROM n; PRAGMA user_version = 6"},
            {"unknown session", "INSERT INTO prediction_use SELECT run_id, 7, prediction_id "
                                "FROM prediction_use WHERE session = 2"},
            {"many uses", "WITH RECURSIVE n(i) AS (VALUES(10) UNION ALL SELECT i + 1 FROM n "
                          "WHERE i < 1000) INSERT INTO prediction_use "
                          "SELECT 1, i, 1 FROM n"},
            {"another model", "UPDATE prediction SET model_sha256 = 'abd'"},
            {"ranks of another model", "UPDATE retrieval_result SET model_sha256 = 'abd'"},
            {"many folds", "UPDATE item_list SET folds = 2000000000, " +
                               hashIs(test::retrievalList(folded)->sha256) +
                               " WHERE kind = 'retrieval'"},
            {"many pictures", "UPDATE item_list SET items = 20000001"},
            {"captions of classes",
             "INSERT INTO caption(image_id, number, text) SELECT image_id, 0, 'x' FROM item "
             "JOIN item_list USING(list_id) WHERE kind = 'ut' AND position = 3;"
             "INSERT INTO list_caption SELECT list_id, 0, last_insert_rowid() FROM item_list "
             "WHERE kind = 'ut'"},
            {"long caption",
             "UPDATE caption SET text = replace(hex(zeroblob(10000)), '0', 'a') WHERE caption_id "
             "IN (SELECT caption_id FROM list_caption WHERE position = 0);"
             "UPDATE item_list SET " +
                 hashIs(metrics::contentHash(talkative)) + " WHERE kind = 'retrieval'"},
            {"one caption asked always",
             "UPDATE retrieval_query SET query_id = (SELECT min(query_id) FROM retrieval_query "
             "WHERE direction = 0) WHERE direction = 0"},
        };
    }

private Q_SLOTS:
    void importsOfProjectsTakeDetailsAlong()
    {
        const TemporaryProject source;
        fill(source);
        const TemporaryProject target;
        test::DetailSizes other;
        other.data = 1;
        addRun(target.file(), 3, 30, other); // numbers of pictures differ from now on
        store::Project project = target.open();
        const auto report = store::importRuns(project, source.file(), store::BundleFiles::Leave);
        VERIFY_OK(report);
        QCOMPARE(report->imported.size(), size_t{2});
        QVERIFY(report->notes.empty() && report->detailed == report->imported);
        const store::Project from = source.open(store::OpenMode::ReadOnly);
        for (size_t run = 0; run < 2; ++run)
            compareDetails(project, report->imported[run], from, static_cast<int64_t>(run) + 1);
        QCOMPARE(count(project, "thumbnail"), int64_t{3});
        QVERIFY(store::dbCheck(target.file())->ok);
    }

    void damagedDetailsStayBehind()
    {
        const TemporaryProject source;
        addRun(source.file(), 1, 10);
        VERIFY_OK(source.open().database().execute("UPDATE item SET label = 1 - label"));
        const TemporaryProject target;
        store::Project project = target.open(store::OpenMode::CreateIfMissing);
        const auto report = store::importRuns(project, source.file(), store::BundleFiles::Leave);
        VERIFY_OK(report);
        QCOMPARE(report->imported.size(), size_t{1});
        QVERIFY(report->notes.size() == 1 &&
                report->notes[0].find("without details") != std::string::npos);
        QVERIFY(store::detailIndex(project)->predictions.empty());
    }

    void bundlesTakeDetailsAlong()
    {
        const TemporaryProject source;
        fill(source);
        const store::Project from = source.open(store::OpenMode::ReadOnly);
        const fs::path bundle = source.folder() / "runs.zip";
        const auto exported = store::exportBundle(from, {1, 2}, bundle);
        VERIFY_OK(exported);
        QVERIFY(exported->notes.empty() && exported->detailed == (std::vector<int64_t>{1, 2}));
        const TemporaryProject target;
        test::DetailSizes other;
        other.data = 1;
        addRun(target.file(), 3, 30, other);
        store::Project project = target.open();
        const auto report = store::importRuns(project, bundle);
        VERIFY_OK(report);
        QVERIFY(report->notes.empty());
        QVERIFY(report->detailed == report->imported && report->detailed.size() == 2);
        for (size_t run = 0; run < 2; ++run)
            compareDetails(project, report->imported[run], from, static_cast<int64_t>(run) + 1);
        QCOMPARE(count(project, "thumbnail"), int64_t{3});
        QVERIFY(store::dbCheck(target.file())->ok);
        for (const fs::path& folder : {target.folder(), source.folder()}) {
            for (const auto& entry : fs::directory_iterator(folder))
                QVERIFY(entry.path().filename().string().find("clwb-details") == std::string::npos);
        }
    }

    void bundlesHoldWhatTheirRunsShow()
    {
        const TemporaryProject source;
        test::DetailSizes other;
        other.data = 1;
        addRun(source.file(), 1, 10);
        addRun(source.file(), 3, 30, other);
        const store::Project from = source.open();
        addThumbnails(from, test::labelledList("zs", 5, 7, 0)->list); // of run 1: "jpeg 0" … 2
        addThumbnails(from, test::labelledList("zs", 3, 7, 1)->list);
        const fs::path bundle = source.folder() / "run.zip";
        VERIFY_OK(store::exportBundle(from, {2}, bundle));
        const TemporaryProject target;
        store::Project project = target.open(store::OpenMode::CreateIfMissing);
        VERIFY_OK(store::importRuns(project, bundle));
        QCOMPARE(count(project, "image"), count(from, "image") / 2);
        QCOMPARE(count(from, "thumbnail"), int64_t{3});
        QCOMPARE(count(project, "thumbnail"), int64_t{2}); // "jpeg 0" and "jpeg 1"
        VERIFY_OK(store::exportBundle(from, {2}, bundle, store::BundleFiles::Include,
                                      store::BundleDetails::Leave));
        QVERIFY(detailsIn(bundle).empty());
        const TemporaryProject bare;
        store::Project without = bare.open(store::OpenMode::CreateIfMissing);
        const auto report = store::importRuns(without, bundle);
        VERIFY_OK(report);
        QVERIFY(report->notes.empty() && report->detailed.empty());
        QCOMPARE(count(without, "image"), int64_t{0});
    }

    void damagedDetailsOfABundleStayBehind_data()
    {
        QTest::addColumn<QString>("change");
        for (const char* change : {"missing", "text", "empty", "cut"})
            QTest::newRow(change) << QString::fromLatin1(change);
        for (const auto& [change, sql] : changes())
            QTest::newRow(change.c_str()) << QString::fromStdString(change);
    }

    void damagedDetailsOfABundleStayBehind()
    {
        QFETCH(QString, change);
        const TemporaryProject source;
        addRun(source.file(), 1, 10);
        const fs::path bundle = source.folder() / "run.zip";
        VERIFY_OK(store::exportBundle(source.open(), {1}, bundle));
        std::optional<std::string> content = detailsIn(bundle);
        QVERIFY(content->starts_with("SQLite format 3"));
        const fs::path file = source.folder() / "details.db";
        test::writeBytes(file, QByteArray::fromStdString(*content));
        if (change == QLatin1String("missing"))
            content.reset();
        else if (change == QLatin1String("text"))
            content = "no database at all";
        else if (change == QLatin1String("empty"))
            content = "";
        else if (change == QLatin1String("cut"))
            content->resize(content->size() / 2);
        else {
            auto details = store::Project::open(file, store::OpenMode::ReadWrite);
            VERIFY_OK(details);
            VERIFY_OK(details->database().execute(changes().at(change.toStdString())));
            VERIFY_OK(details->database().execute("PRAGMA wal_checkpoint(TRUNCATE)"));
            content = test::bytesOf(file).toStdString();
        }
        replaceDetails(bundle, content);
        const TemporaryProject target;
        store::Project project = target.open(store::OpenMode::CreateIfMissing);
        const auto report = store::importRuns(project, bundle);
        VERIFY_OK(report);
        QCOMPARE(report->imported.size(), size_t{1});
        QVERIFY(report->detailed.empty() && report->notes.size() == 1);
        QVERIFY2(report->notes[0].find("without details") != std::string::npos,
                 report->notes[0].c_str());
        QVERIFY(!project.metrics(1)->empty());
        QVERIFY(store::detailIndex(project)->predictions.empty());
        QVERIFY(store::detailIndex(project)->retrieval.empty());
        // What was written before the damage was found is gone.
        QCOMPARE(count(project, "item_list"), int64_t{0});
        QCOMPARE(count(project, "image"), int64_t{0});
    }

    void whatCannotBeReadStaysBehind()
    {
        // A newer program's file, without a table that this one reads.
        const TemporaryProject source;
        addRun(source.file(), 1, 10);
        VERIFY_OK(source.open().database().execute(
            "DROP TABLE retrieval_query; PRAGMA user_version = 6"));
        const TemporaryProject target;
        store::Project project = target.open(store::OpenMode::CreateIfMissing);
        const auto report = store::importRuns(project, source.file());
        VERIFY_OK(report);
        QCOMPARE(report->imported.size(), size_t{1});
        QVERIFY(report->detailed.empty() && report->notes.size() == 1);
        QVERIFY(!project.metrics(1)->empty());
        QCOMPARE(count(project, "item_list"), int64_t{0});
    }

    void detailsAreLeftOnDemand()
    {
        const TemporaryProject source;
        addRun(source.file(), 1, 10);
        const fs::path bundle = source.folder() / "run.zip";
        VERIFY_OK(store::exportBundle(source.open(), {1}, bundle));
        for (const fs::path& from : {bundle, source.file()}) {
            const TemporaryProject target;
            store::Project project = target.open(store::OpenMode::CreateIfMissing);
            const auto report = store::importRuns(project, from, store::BundleFiles::Include,
                                                  store::BundleDetails::Leave);
            VERIFY_OK(report);
            QCOMPARE(report->imported.size(), size_t{1});
            QVERIFY(report->notes.empty() && report->detailed.empty());
            QCOMPARE(count(project, "item_list"), int64_t{0});
        }
    }

    void scratchFoldersOfTheDeadGo()
    {
        const QTemporaryDir place;
        const fs::path parent = place.path().toStdString();
        const std::string dead = ".clwb-details.tmp-2147483647-"; // beyond every process number
        const std::string own = ".clwb-details.tmp-" + std::to_string(::getpid()) + "-999999";
        const auto dayBefore = fs::file_time_type::clock::now() - std::chrono::hours(48);
        for (const std::string& name : {dead + "0", dead + "1", own, std::string("data")}) {
            fs::create_directory(parent / name);
            test::writeBytes(parent / name / "details.db", "x");
            if (name != dead + "1")
                fs::last_write_time(parent / name, dayBefore);
        }
        const auto scratch = store::ScratchFolder::create(parent);
        VERIFY_OK(scratch);
        QVERIFY(fs::is_directory(scratch->path()));
        QVERIFY(!fs::exists(parent / (dead + "0")));
        QVERIFY(fs::exists(parent / (dead + "1"))); // of another host, perhaps
        QVERIFY(fs::exists(parent / own) && fs::exists(parent / "data"));
        // The common sweep knows the name.
        clwb::removeTemporaries(parent);
        QVERIFY(!fs::exists(scratch->path()));
    }

    void detailsAreGatheredInTheBundlesFolder()
    {
        const TemporaryProject source;
        test::DetailSizes sizes;
        sizes.images = 60; // more than fits into the pages of an empty project
        addRun(source.file(), 1, 10, sizes);
        const store::Project project = source.open(store::OpenMode::ReadOnly);
        const QTemporaryDir place;
        const fs::path folder = place.path().toStdString();
        {
            const auto gathered = store::gatherDetails(project, {1}, folder);
            VERIFY_OK(gathered);
            QVERIFY(gathered->has_value());
            QVERIFY((*gathered)->file.parent_path().parent_path() == folder);
        }
        VERIFY_FAILS(ErrorCode::DiskFull, store::gatherDetails(project, {1}, folder, 1000));
        QVERIFY(fs::is_empty(folder));
        // The folder for temporary files is not asked for.
        const QByteArray before = qgetenv("TMPDIR");
        qputenv("TMPDIR", "/nowhere/at/all");
        const auto report = store::exportBundle(project, {1}, folder / "run.zip");
        if (before.isNull())
            qunsetenv("TMPDIR");
        else
            qputenv("TMPDIR", before);
        VERIFY_OK(report);
        QVERIFY(report->detailed == std::vector<int64_t>{1});
    }
};

QTEST_APPLESS_MAIN(TestCopyDetails)
#include "tst_copy_details.moc"
