// SPDX-License-Identifier: GPL-3.0-or-later
// The Images page where something is missing or damaged, and the way there from Compare.
#include "tests/ui/pages/images_desk.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

using namespace clwb;
using namespace Qt::StringLiterals;

class TestImagesFaults : public QObject, private test::ImagesDesk
{
    Q_OBJECT

    /// Without thumbnails, as of pictures that could not be read or that were dropped for space.
    void showPlaceHolders()
    {
        {
            auto opened = store::Project::open(ui::toPath(project()), store::OpenMode::ReadWrite);
            test::require(opened);
            test::require(opened->database().execute("UPDATE image SET thumbnail_id = NULL"));
        }
        m_state->openProject(project()); // as when it is opened again
        QTRY_VERIFY(m_state->hasProject() && !m_state->isOpening());
        m_window->showPage(u"images"_s, ui::toJson(ui::ImageLink{.run = 1}));
        settle();
        auto* grid = find<ui::ThumbGrid>(u"images.grid"_s);
        const QString none = u"the project has no thumbnail of it"_s;
        QTRY_VERIFY(grid->isComplete() && listed() > 0);
        QTRY_COMPARE(grid->problemOf(grid->currentIndex()), none);
        // What both models think of it is there all the same.
        QVERIFY(find<ui::PicturePanel>(u"images.picture"_s)->facts().has_value());
        QVERIFY(!m_window->page(u"images"_s)->grab().isNull());
    }

private Q_SLOTS:
    void initTestCase()
    {
        begin();
        train(u"0"_s, u"last"_s);
        m_window->showPage(u"images"_s);
        settle();
        QCOMPARE(stateName(), u"images.splitter"_s);
    }
    void cleanup() { QVERIFY2(m_problems.isEmpty(), qPrintable(m_problems.join(u'\n'))); }

    void saysWhatToDoWithoutStoredPredictions()
    {
        train(u"1"_s, u"none"_s);
        m_window->showPage(u"images"_s, ui::toJson(ui::ImageLink{.run = 2}));
        settle();
        QCOMPARE(stateName(), u"images.notKept"_s);
        click(u"images.clone"_s);
        QCOMPARE(m_window->currentPage(), u"new_run"_s);
        m_window->showPage(u"images"_s);
        settle();
        click(u"images.others"_s);
        QCOMPARE(stateName(), u"images.splitter"_s);
        QVERIFY(find<QComboBox>(u"images.runB"_s)->findData(QVariant(2LL)) < 0);
    }

    void leadsFromCompareToTheImagesOfAClass()
    {
        train(u"2"_s, u"all"_s);
        m_window->showPage(u"compare"_s, Json{{"runs", {1, 3}}, {"tab", "classes"}});
        settle(u"compare"_s);
        auto* table = find<QTreeView>(u"compare.classes"_s);
        QTRY_VERIFY(table->isVisible() && table->model()->rowCount() > 0);
        QTRY_VERIFY(find<ui::ClassStrip>(u"compare.classStripA"_s)->isVisible());
        QVERIFY(!find<ui::ClassStrip>(u"compare.classStripA"_s)
                     ->findChildren<QPushButton*>()
                     .isEmpty());
        table->setCurrentIndex(table->model()->index(0, 0));
        const QString name = table->currentIndex().data().toString();
        table->setFocus();
        QTest::keyClick(table, Qt::Key_Return);
        settle();
        QCOMPARE(find<QTreeView>(u"images.classes"_s)
                     ->currentIndex()
                     .siblingAtColumn(0)
                     .data()
                     .toString(),
                 name);
    }

    void tellsDamageAndGoesOn()
    {
        {
            auto opened = store::Project::open(ui::toPath(project()), store::OpenMode::ReadWrite);
            test::require(opened);
            test::require(opened->database().execute("UPDATE thumbnail SET jpeg = x'00'"));
        }
        m_state->openProject(project()); // as when it is opened again
        QTRY_VERIFY(m_state->hasProject() && !m_state->isOpening());
        m_window->showPage(u"images"_s, ui::toJson(ui::ImageLink{.run = 1}));
        settle();
        auto* grid = find<ui::ThumbGrid>(u"images.grid"_s);
        QTRY_VERIFY(grid->isComplete() && listed() > 0);
        QTRY_VERIFY2(grid->problemOf(grid->currentIndex()).contains(u"damaged"_s),
                     qPrintable(grid->problemOf(grid->currentIndex())));
        QVERIFY(find<ui::PicturePanel>(u"images.picture"_s)->facts().has_value());
        showPlaceHolders();
        {
            auto opened = store::Project::open(ui::toPath(project()), store::OpenMode::ReadWrite);
            test::require(opened);
            test::require(opened->database().execute(
                "UPDATE prediction SET data = x'00' WHERE prediction_id IN (SELECT prediction_id "
                "FROM prediction_use WHERE run_id = 1 AND session = 2)"));
        }
        m_window->showPage(u"images"_s, ui::toJson(ui::ImageLink{.run = 1}));
        settle();
        QTRY_COMPARE(stateName(), u"images.problem"_s);
        // Another model is still there to be seen.
        auto* session = find<QComboBox>(u"images.sessionB"_s);
        session->setFocus();
        QTest::keyClick(session, Qt::Key_Up);
        settle();
        QTRY_COMPARE(stateName(), u"images.splitter"_s);
        m_problems.clear(); // that the project is damaged
    }

    void drawsOneClassAndNone()
    {
        ui::ConfusionView view(u"one"_s);
        view.resize(200, 200);
        view.show();
        ui::ConfusionData none;
        none.values = std::make_shared<std::vector<float>>();
        view.setData(none);
        QSignalSpy chosen(&view, &ui::ConfusionView::cellChosen);
        QTest::mouseClick(&view, Qt::LeftButton, {}, QPoint(100, 100));
        QTest::keyClick(&view, Qt::Key_Return);
        QCOMPARE(chosen.size(), 0);
        ui::ConfusionData one;
        one.values = std::make_shared<std::vector<float>>(std::vector<float>{100});
        one.order = {0};
        one.names = QStringList{u"kite"_s};
        view.setData(one);
        QTest::mouseClick(&view, Qt::LeftButton, {}, view.cellRect(0, 0).center().toPoint());
        QCOMPARE(chosen.size(), 1);
        QTest::keyClick(&view, Qt::Key_Plus);
        QVERIFY(!view.grab().isNull());
    }

    void cleanupTestCase()
    {
        m_window.reset();
        m_state.reset();
    }
};

QTEST_MAIN(TestImagesFaults)
#include "tst_images_faults.moc"
