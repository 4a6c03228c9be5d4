// SPDX-License-Identifier: GPL-3.0-or-later
// Details travel from project to project, whatever numbers their pictures have there.
#include "core/store/bundle.h"
#include "core/store/details.h"
#include "core/store/maintenance.h"
#include "tests/core/store/detail_fixture.h"

using namespace clwb;
using store::Direction;
using test::addRun;
using test::addThumbnails;
using test::count;
using test::near;
using test::TemporaryProject;

class TestCopyDetails : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void importsOfProjectsTakeDetailsAlong()
    {
        const TemporaryProject source;
        addRun(source.file(), 1, 10);
        addRun(source.file(), 1, 20);
        {
            store::Project project = source.open();
            addThumbnails(project, test::labelledList("zs", 5, 7, 0)->list);
        }
        const TemporaryProject target;
        test::DetailSizes other;
        other.data = 1;
        addRun(target.file(), 3, 30, other); // numbers of pictures differ from now on
        store::Project project = target.open();
        const auto report = store::importRuns(project, source.file(), store::BundleFiles::Leave);
        VERIFY_OK(report);
        QCOMPARE(report->imported.size(), size_t{2});
        QVERIFY(report->notes.empty());
        const store::Project from = source.open(store::OpenMode::ReadOnly);
        for (size_t run = 0; run < 2; ++run) {
            const int64_t id = report->imported[run];
            const auto known = static_cast<int64_t>(run) + 1;
            QCOMPARE(store::detailIndex(project, id)->predictions.size(), size_t{6});
            for (const char* part : {"ut", "zs"}) {
                const auto copied = store::predictions(project, id, 2, part);
                const auto original = store::predictions(from, known, 2, part);
                VERIFY_OK(copied);
                QVERIFY(copied->classes == original->classes &&
                        copied->probabilities == original->probabilities &&
                        copied->truthRanks == original->truthRanks);
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
};

QTEST_APPLESS_MAIN(TestCopyDetails)
#include "tst_copy_details.moc"
