// SPDX-License-Identifier: GPL-3.0-or-later
// Predictions, ranked candidates and thumbnails in the project: written, shared, read, damaged,
// dropped, moved.
#include "core/base/sha256.h"
#include "core/store/bundle.h"
#include "core/store/detail_rows.h"
#include "core/store/details.h"
#include "core/store/maintenance.h"
#include "core/store/schema.h"
#include "core/store/shrink.h"
#include "tests/core/store/detail_fixture.h"

using namespace clwb;
using store::Direction;
using test::addRun;
using test::addThumbnails;
using test::count;
using test::near;
using test::TemporaryProject;

namespace fs = std::filesystem;

class TestDetails : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void predictionsComeBack()
    {
        const TemporaryProject file;
        addRun(file.file(), 1, 10);
        const store::Project project = file.open(store::OpenMode::ReadOnly);
        const auto index = store::detailIndex(project);
        VERIFY_OK(index);
        QCOMPARE(index->predictions.size(), size_t{6});
        QCOMPARE(index->retrieval.size(), size_t{2}); // none after session 1
        QVERIFY(index->predictions[1].part == "zs" && index->predictions[1].items == 5);
        const auto expected = test::drawDetails(12);
        for (const metrics::PredictionDetails& part : expected->predictions) {
            const metrics::ItemList& list = part.items->list;
            const auto found = store::predictions(project, 1, 2, list.kind);
            VERIFY_OK(found);
            QCOMPARE(found->top, part.top);
            QVERIFY(found->classes == part.classes && found->truthRanks == part.truthRanks);
            for (size_t i = 0; i < part.probabilities.size(); ++i)
                QVERIFY(near(found->probabilities[i], part.probabilities[i], 1.0 / 65535));
            for (size_t i = 0; i < part.truthProbabilities.size(); ++i)
                QVERIFY(
                    near(found->truthProbabilities[i], part.truthProbabilities[i], 1.0 / 65535));
            const auto items = store::predictionItems(project, found->listId);
            VERIFY_OK(items);
            QVERIFY(items->classes == list.classes && items->labels == list.labels);
            for (size_t i = 0; i < list.images.size(); ++i) {
                const auto place = store::imagePlace(project, items->images[i]);
                VERIFY_OK(place);
                QVERIFY(place->path == list.images[i].path && place->box == list.images[i].box);
            }
        }
        VERIFY_FAILS(ErrorCode::Usage, store::predictions(project, 1, 3, "ut"));
        VERIFY_FAILS(ErrorCode::Usage, store::predictionItems(project, 99));
        VERIFY_FAILS(ErrorCode::Usage, store::imagePlace(project, 999));
    }

    void queriesAndCandidatesComeBack_data()
    {
        QTest::addColumn<bool>("isText");
        QTest::newRow("text to image") << true;
        QTest::newRow("image to text") << false;
    }

    // Against the details as they were handed over, from the functions and from plain SQL.
    void queriesAndCandidatesComeBack()
    {
        QFETCH(bool, isText);
        const TemporaryProject file;
        test::DetailSizes sizes;
        sizes.images = 60; // folds of 30: candidates beyond the best 20
        addRun(file.file(), 1, 10, sizes);
        const store::Project project = file.open(store::OpenMode::ReadOnly);
        const auto expected = test::drawDetails(12, sizes);
        const metrics::RetrievalDetails& set = expected->retrieval[0];
        const auto& direction = isText ? set.textToImage : set.imageToText;
        const Direction which = isText ? Direction::TextToImage : Direction::ImageToText;
        const auto all = store::queries(project, 1, 2, "COCO", which);
        VERIFY_OK(all);
        QCOMPARE(all->size(), direction.topBegin.size() - 1);
        QCOMPARE(store::queries(project, 1, 2, "COCO", which, 1)->size(), all->size() / 2);
        for (size_t q = 0; q < all->size(); ++q) {
            const store::RetrievalQuery& query = (*all)[q];
            QCOMPARE(query.fold, q < all->size() / 2 ? 0 : 1);
            if (isText)
                QVERIFY(query.text == set.items->list.captions[q]);
            int64_t best = 1000;
            for (uint32_t t = direction.truthBegin[q]; t < direction.truthBegin[q + 1]; ++t)
                best = std::min<int64_t>(best, direction.truths[t].rank);
            QVERIFY(query.bestRank == best);
            const auto list = store::candidates(project, 1, 2, "COCO", which, query.position);
            VERIFY_OK(list);
            size_t relevant = 0;
            for (const store::RankedCandidate& each : *list)
                relevant += each.isRelevant ? 1 : 0;
            QCOMPARE(relevant, size_t{direction.truthBegin[q + 1] - direction.truthBegin[q]});
            for (uint32_t i = 0; i < 20; ++i) {
                QCOMPARE((*list)[i].rank, int64_t{i});
                QVERIFY(
                    near((*list)[i].score, direction.top[direction.topBegin[q] + i].score, 1e-5));
            }
            QVERIFY(std::any_of(list->begin(), list->end(), [&](const auto& each) {
                return each.isRelevant && each.rank == best;
            }));
            auto rows = project.database().prepare(
                "SELECT rank, candidate_id, score, relevant, fold FROM v_retrieval "
                "WHERE run_id = 1 AND session = 2 AND set_name = 'COCO' AND direction = ? "
                "AND query_id = ? ORDER BY rank");
            rows->bind(1, std::string_view(isText ? "text_to_image" : "image_to_text"));
            rows->bind(2, query.queryId);
            for (const store::RankedCandidate& each : *list) {
                QVERIFY(*rows->step());
                QVERIFY(rows->integer(0) == each.rank && rows->integer(1) == each.candidateId);
                QVERIFY(near(rows->number(2), each.score, 1e-9));
                QVERIFY((rows->integer(3) != 0) == each.isRelevant &&
                        rows->integer(4) == query.fold);
            }
            QVERIFY(!*rows->step());
        }
        VERIFY_FAILS(ErrorCode::Usage, store::queries(project, 1, 1, "COCO", which));
        VERIFY_FAILS(ErrorCode::Usage, store::candidates(project, 1, 2, "COCO", which, 10000));
    }

    void runsShareWhatIsEqual()
    {
        const TemporaryProject file;
        addRun(file.file(), 1, 10);
        const store::Project project = file.open();
        const auto predictions = count(project, "prediction");
        addRun(file.file(), 1, 20);
        QCOMPARE(count(project, "prediction"), predictions + 4); // session 0 is there already
        QCOMPARE(count(project, "retrieval_result"), int64_t{3});
        QCOMPARE(count(project, "item_list"), int64_t{3});
        const auto zero = store::predictions(project, 2, 0, "ut");
        VERIFY_OK(zero);
        QVERIFY(zero->classes == store::predictions(project, 1, 0, "ut")->classes);
    }

    void thumbnailsAreKeptOnceAndBounded()
    {
        const TemporaryProject file;
        addRun(file.file(), 1, 10);
        store::Project project = file.open();
        const auto list = test::labelledList("zs", 5, 7, 0);
        QCOMPARE(store::missingThumbnails(project.database(), *list)->size(), size_t{5});
        addThumbnails(project, list->list);
        QCOMPARE(count(project, "thumbnail"), int64_t{3}); // two of equal content
        QVERIFY(*store::missingThumbnails(project.database(), *list) == std::vector<int64_t>{0});
        const auto index = store::detailIndex(project, 1);
        const auto items = store::predictionItems(project, index->predictions[1].listId);
        VERIFY_OK(items);
        QVERIFY(store::thumbnail(project, items->images[0])->empty()); // a broken picture
        QVERIFY(*store::thumbnail(project, items->images[3]) == "jpeg 1");
        QCOMPARE(store::imagePlace(project, items->images[3])->width, 30);
        VERIFY_OK(project.database().execute("UPDATE thumbnail SET jpeg = x'00' "
                                             "WHERE jpeg = CAST('jpeg 1' AS BLOB)"));
        VERIFY_FAILS(ErrorCode::Corrupt, store::thumbnail(project, items->images[3]));
        QVERIFY(store::thumbnail(project, items->images[3]).error().message.find("thumbnail") !=
                std::string::npos);
        // Of a limit of nothing nothing is kept.
        store::ShrinkRequest request;
        request.thumbnails = true;
        request.thumbnailLimit = 0;
        const auto report = store::shrinkDetails(project, request);
        VERIFY_OK(report);
        QCOMPARE(report->thumbnails, int64_t{3});
        addThumbnails(project, list->list);
        QCOMPARE(count(project, "thumbnail"), int64_t{0});
        QVERIFY(store::missingThumbnails(project.database(), *list)->empty());
    }

    void damageIsRefusedWithASentence_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::newRow("cut off") << "UPDATE prediction SET data = substr(data, 1, 20)";
        QTest::newRow("empty") << "UPDATE prediction SET data = x''";
        QTest::newRow("changed byte") << "UPDATE prediction SET data = CAST(substr(data, 1, 30) || "
                                         "x'ff' || substr(data, 32) AS BLOB)";
        QTest::newRow("too few items") << "UPDATE item_list SET items = 3";
        QTest::newRow("class names") << "UPDATE item_list SET classes = '{]'";
        QTest::newRow("fewer classes") << "UPDATE item_list SET classes = '[\"one\"]'";
    }

    void damageIsRefusedWithASentence()
    {
        QFETCH(QString, sql);
        const TemporaryProject file;
        addRun(file.file(), 1, 10);
        const store::Project project = file.open();
        VERIFY_OK(project.database().execute(sql.toStdString()));
        const auto found = store::predictions(project, 1, 2, "zs");
        VERIFY_FAILS(ErrorCode::Corrupt, found);
        QVERIFY(found.error().message.find("damaged") != std::string::npos);
        QVERIFY(found.error().hint.find("clwb db shrink") != std::string::npos);
    }

    void damagedCandidatesAreRefused_data()
    {
        QTest::addColumn<QString>("text");
        for (const char* text : {"", "[", "[1,", "[1,-2]", "[x]", "[1 2]", "{}"})
            QTest::addRow("'%s'", text) << text;
    }

    void damagedCandidatesAreRefused()
    {
        QFETCH(QString, text);
        const TemporaryProject file;
        addRun(file.file(), 1, 10);
        const store::Project project = file.open();
        VERIFY_OK(project.database().run("UPDATE retrieval_query SET candidates = ?",
                                         text.toStdString()));
        VERIFY_FAILS(ErrorCode::Corrupt,
                     store::candidates(project, 1, 2, "COCO", Direction::ImageToText, 0));
    }

    void smallestAndStrangestData()
    {
        const TemporaryProject file;
        test::DetailSizes sizes;
        sizes.ut = sizes.utClasses = sizes.zs = sizes.images = sizes.captionsPerImage =
            sizes.folds = 1;
        auto details = *test::drawDetails(1, sizes);
        metrics::ItemList list = details.retrieval[0].items->list;
        list.captions = {"<b>bold</b> & '\"; DROP TABLE run;-- \xF0\x9F\x90\xB6"};
        details.retrieval[0].items = test::hashed(list);
        metrics::ItemList zs = details.predictions[1].items->list;
        zs.classes.assign(zs.classes.size(), "crane"); // bird and machine
        details.predictions[1].items = test::hashed(zs);
        auto writer = store::RunWriter::createRun(file.file(), test::sampleRun());
        VERIFY_OK(writer);
        (*writer)->addEvaluation(test::sampleRecord(0), std::nullopt,
                                 std::make_shared<metrics::EvaluationDetails>(details));
        VERIFY_OK((*writer)->flush());
        const store::Project project = file.open(store::OpenMode::ReadOnly);
        const auto found = store::queries(project, 1, 0, "COCO", Direction::TextToImage);
        VERIFY_OK(found);
        QVERIFY(found->size() == 1 && found->at(0).text == list.captions[0]);
        QVERIFY(found->at(0).bestRank == 0);
        QCOMPARE(store::predictions(project, 1, 0, "ut")->top, 1);
        const auto zsFound = store::predictions(project, 1, 0, "zs");
        const auto items = store::predictionItems(project, zsFound->listId);
        VERIFY_OK(items);
        QVERIFY(items->classes.size() == 7 && items->classes[6] == "crane");
        QVERIFY(store::captionsOf(project, found->at(0).imageId)->at(0) == list.captions[0]);
    }

    void purgeAndShrinkRemoveWhatNobodyUses()
    {
        const TemporaryProject file;
        addRun(file.file(), 1, 10);
        test::DetailSizes other;
        other.data = 1;
        other.images = 60; // enough for pages that come free
        addRun(file.file(), 1, 20, other);
        store::Project project = file.open();
        addThumbnails(project, test::labelledList("zs", 5, 7, 0)->list);
        QCOMPARE(count(project, "item_list"), int64_t{6});
        VERIFY_OK(project.purge(1));
        QCOMPARE(count(project, "item_list"), int64_t{3});
        QCOMPARE(count(project, "thumbnail"), int64_t{0});
        VERIFY_OK(store::predictions(project, 2, 0, "ut"));
        const auto metrics = project.metrics(2)->size();
        store::ShrinkRequest request;
        request.runs = {2};
        const auto report = store::shrinkDetails(project, request);
        VERIFY_OK(report);
        QVERIFY(report->results == 8 && report->bytesAfter < report->bytesBefore);
        for (const char* table : {"image", "caption", "item", "list_caption", "item_list",
                                  "prediction", "retrieval_result", "retrieval_query"})
            QCOMPARE(count(project, table), int64_t{0});
        QCOMPARE(project.metrics(2)->size(), metrics);
        QVERIFY(store::detailIndex(project)->predictions.empty());
        VERIFY_FAILS(ErrorCode::Usage, store::shrinkDetails(project, {{77}, false, {}}));
        QVERIFY(store::dbCheck(file.file())->ok);
    }

    void copiesAndRepairKeepDetails()
    {
        const TemporaryProject file;
        addRun(file.file(), 1, 10);
        const fs::path copy = file.folder() / "copy.db";
        const fs::path repaired = file.folder() / "repaired.db";
        {
            const store::Project project = file.open();
            addThumbnails(project, test::labelledList("zs", 5, 7, 0)->list);
            VERIFY_OK(store::saveProjectAs(project, copy));
        }
        const auto report = store::dbRepair(file.file(), repaired);
        VERIFY_OK(report);
        QVERIFY(report->rowsRefused == 0 && report->notes.empty());
        for (const fs::path& each : {copy, repaired}) {
            const auto project = store::Project::open(each, store::OpenMode::ReadOnly);
            VERIFY_OK(project);
            QCOMPARE(count(*project, "thumbnail"), int64_t{3});
            QCOMPARE(store::detailIndex(*project)->predictions.size(), size_t{6});
            VERIFY_OK(store::predictions(*project, 1, 2, "zs"));
            QCOMPARE(store::queries(*project, 1, 2, "COCO", Direction::TextToImage)->size(),
                     size_t{12});
            QVERIFY(store::dbCheck(each)->ok);
        }
    }

    // A list of which a row is lost would put labels to the wrong pictures.
    void repairDropsHalfAList()
    {
        const TemporaryProject file;
        addRun(file.file(), 1, 10);
        {
            const store::Project project = file.open();
            VERIFY_OK(project.database().execute(
                "DELETE FROM item WHERE position = 1 AND list_id = (SELECT list_id FROM item_list "
                "WHERE kind = 'zs')"));
        }
        const fs::path repaired = file.folder() / "repaired.db";
        VERIFY_OK(store::dbRepair(file.file(), repaired));
        const auto project = store::Project::open(repaired, store::OpenMode::ReadOnly);
        VERIFY_OK(store::predictions(*project, 1, 2, "ut"));
        VERIFY_FAILS(ErrorCode::Usage, store::predictions(*project, 1, 2, "zs"));
        QVERIFY(store::dbCheck(repaired)->ok);
    }

    void resumeCutsBack()
    {
        const TemporaryProject file;
        {
            auto writer = store::RunWriter::createRun(file.file(), test::sampleRun());
            VERIFY_OK(writer);
            for (int session = 0; session <= 2; ++session)
                (*writer)->addEvaluation(test::sampleRecord(session), std::nullopt,
                                         test::drawDetails(uint64_t(session)));
            (*writer)->finish("stopped", "", 1);
            VERIFY_OK((*writer)->flush());
        }
        const auto resumed = store::RunWriter::resumeRun(file.file(), 1, 0, 1);
        VERIFY_OK(resumed);
        (*resumed)->setResolvedSpec(test::sampleRun().resolvedSpec); // its engine begins
        VERIFY_OK((*resumed)->flush());
        const store::Project project = file.open(store::OpenMode::ReadOnly);
        VERIFY_OK(store::predictions(project, 1, 1, "ut"));
        VERIFY_FAILS(ErrorCode::Usage, store::predictions(project, 1, 2, "ut"));
        VERIFY_FAILS(ErrorCode::Usage,
                     store::queries(project, 1, 2, "COCO", Direction::TextToImage));
    }

    void olderFilesHaveNone()
    {
        const fs::path golden = fs::path(CLWB_SOURCE_DIR) / "tests" / "golden" / "formats" / "3";
        const TemporaryProject file;
        fs::copy_file(golden / "project.db", file.file());
        const store::Project project = file.open(store::OpenMode::ReadOnly);
        QVERIFY(store::detailIndex(project)->predictions.empty());
        VERIFY_FAILS(ErrorCode::Usage, store::predictions(project, 1, 0, "ut"));
        VERIFY_FAILS(ErrorCode::Usage, store::thumbnail(project, 1));
    }
};

QTEST_APPLESS_MAIN(TestDetails)
#include "tst_details.moc"
