// SPDX-License-Identifier: GPL-3.0-or-later
// Forgetting, picture by picture, through the real window: a tiny run is trained, its classes,
// confusions and pictures are looked at. Expected numbers come from the project file by plain
// loops.
#include "tests/ui/pages/images_desk.h"
#include "tests/ui/shell/whole_checks.h"

#include <QAbstractItemModelTester>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>

using namespace clwb;
using namespace Qt::StringLiterals;

class TestImagesStory : public QObject, private test::ImagesDesk
{
    Q_OBJECT

    QList<QUrl> m_opened;

    static QPushButton* visibleLink(const ui::ClassStrip& strip)
    {
        QTest::qWait(100); // laid out
        for (QPushButton* button : strip.findChildren<QPushButton*>()) {
            if (button->isVisible())
                return button;
        }
        return nullptr;
    }

private Q_SLOTS:
    void take(const QUrl& url) { m_opened << url; }

    void initTestCase()
    {
        begin();
        QDesktopServices::setUrlHandler(u"file"_s, this, "take");
    }
    void cleanup() { QVERIFY2(m_problems.isEmpty(), qPrintable(m_problems.join(u'\n'))); }

    void saysWhatWillBeHere()
    {
        m_window->showPage(u"images"_s);
        settle();
        QCOMPARE(stateName(), u"images.nothing"_s);
        click(u"images.newRun"_s);
        QCOMPARE(m_window->currentPage(), u"new_run"_s);
    }

    void leadsFromLiveToTheImagesOfAClass()
    {
        m_window->showPage(u"live"_s);
        train(u"0"_s, u"last"_s);
        auto* strip = find<ui::ClassStrip>(u"live.classes"_s);
        QTRY_VERIFY(!strip->findChildren<QPushButton*>().isEmpty());
        QTRY_COMPARE(find<QComboBox>(u"live.classes.session"_s)->count(), 2);
        QCOMPARE(find<QComboBox>(u"live.classes.session"_s)->currentText(), u"After session 2"_s);
        QPushButton* link = visibleLink(*strip);
        if (!link) { // that session changed no class: the one before did
            auto* session = find<QComboBox>(u"live.classes.session"_s);
            session->setFocus();
            QTest::keyClick(session, Qt::Key_Up);
            link = visibleLink(*strip);
        }
        QStringList words;
        for (const QLabel* label : strip->findChildren<QLabel*>())
            words << label->text();
        QVERIFY2(link, qPrintable(words.join(u' ')));
        const QString text = link->text();
        QTest::mouseClick(link, Qt::LeftButton);
        settle();
        QCOMPARE(stateName(), u"images.splitter"_s);
        // The class of the link is selected, and its kind of pictures chosen.
        const QModelIndex row = find<QTreeView>(u"images.classes"_s)->currentIndex();
        QVERIFY(row.isValid());
        QVERIFY2(text.startsWith(row.siblingAtColumn(0).data().toString()), qPrintable(text));
        QVERIFY(!find<QPushButton>(u"images.outcomes.all"_s)->isChecked());
    }

    void showsANewRunWithOneClick()
    {
        // From Runs: which classes were forgotten, in two clicks at most.
        m_window->showPage(u"runs"_s);
        settle(u"runs"_s);
        QVERIFY(m_window->actions().action(u"runs.images"_s)->isEnabled());
        m_window->actions().action(u"runs.images"_s)->trigger();
        settle();
        QCOMPARE(find<QComboBox>(u"images.runB"_s)->currentData().toLongLong(), 1LL);
        QCOMPARE(find<QComboBox>(u"images.sessionA"_s)->currentData().toInt(), 0);
        QCOMPARE(find<QComboBox>(u"images.sessionB"_s)->currentData().toInt(), 2);
        auto* list = find<QTreeView>(u"images.classes"_s);
        const QAbstractItemModelTester tester(list->model());
        QCOMPARE(list->model()->rowCount(), 4);
        const int last = list->model()->columnCount() - 1;
        QCOMPARE(last, 4); // with sessions
        double before = -1e9;
        for (int row = 0; row < 4; ++row) {
            QString change = list->model()->index(row, last).data().toString();
            const double value = change.replace(u'−', u'-').toDouble();
            QVERIFY(value >= before); // the most forgotten first
            before = value;
        }
    }

    void countsWhatTheProjectHolds()
    {
        const store::Project project = open();
        const store::Predictions a = stored(project, 0, "ut");
        const store::Predictions b = stored(project, 2, "ut");
        int counts[2][2] = {{0, 0}, {0, 0}};
        for (size_t item = 0; item < a.truthRanks.size(); ++item)
            ++counts[a.truthRanks[item] == 0][b.truthRanks[item] == 0];
        QCOMPARE(outcomeLabel(u"all"_s), u"All %1"_s.arg(a.truthRanks.size()));
        QCOMPARE(outcomeLabel(u"forgotten"_s), u"Forgotten %1"_s.arg(counts[1][0]));
        QCOMPARE(outcomeLabel(u"learned"_s), u"Learned %1"_s.arg(counts[0][1]));
        QCOMPARE(outcomeLabel(u"never"_s), u"Never %1"_s.arg(counts[0][0]));
        QCOMPARE(outcomeLabel(u"always"_s), u"Always %1"_s.arg(counts[1][1]));
        for (const auto& [id, count] : {std::pair{u"forgotten"_s, counts[1][0]},
                                        {u"learned"_s, counts[0][1]},
                                        {u"never"_s, counts[0][0]},
                                        {u"always"_s, counts[1][1]}}) {
            click(u"images.outcomes."_s + id);
            QCOMPARE(listed(), count);
        }
        click(u"images.outcomes.all"_s);
        QCOMPARE(listed(), static_cast<int>(a.truthRanks.size()));
        clickClass(1);
        QCOMPARE(listed(), 3); // test pictures of a class
        click(u"images.allClasses"_s);
        QCOMPARE(listed(), static_cast<int>(a.truthRanks.size()));
    }

    void findsThePicturesBehindAConfusion()
    {
        const store::Project project = open();
        const store::Predictions b = stored(project, 2, "ut");
        const store::PredictionItems list = items(project, b.listId);
        auto* matrix = find<ui::ConfusionView>(u"images.confusion"_s);
        QCOMPARE(matrix->data().names.size(), 4);
        QCOMPARE(matrix->data().sessions, (std::vector<int>{1, 1, 2, 2}));
        int confused = 0;
        for (int truth = 0; truth < 4; ++truth) {
            for (int predicted = 0; predicted < 4; ++predicted) {
                std::vector<int64_t> expected;
                for (size_t item = 0; item < list.labels.size(); ++item) {
                    if (list.labels[item] == truth &&
                        b.classes[item * static_cast<size_t>(b.top)] == predicted)
                        expected.push_back(list.images[item]);
                }
                QTest::mouseClick(matrix, Qt::LeftButton, {},
                                  matrix->cellRect(truth, predicted).center().toPoint());
                QCOMPARE(listed(), static_cast<int>(expected.size()));
                auto* grid = find<ui::ThumbGrid>(u"images.grid"_s);
                auto* model = static_cast<ui::PictureListModel*>(grid->model());
                for (int row = 0; row < listed(); ++row)
                    QVERIFY(std::find(expected.begin(), expected.end(), model->entryAt(row).id) !=
                            expected.end());
                confused += truth != predicted && !expected.empty();
            }
        }
        QVERIFY2(confused > 0, "no confusion to look at");
        // The same with the keyboard.
        matrix->setFocus();
        QTest::keyClick(matrix, Qt::Key_Home);
        const QString first = find<QLabel>(u"images.readOut"_s)->text();
        QTest::keyClick(matrix, Qt::Key_Right);
        QVERIFY(find<QLabel>(u"images.readOut"_s)->text() != first);
        QCOMPARE(matrix->accessibleDescription(), find<QLabel>(u"images.readOut"_s)->text());
        QTest::keyClick(matrix, Qt::Key_Return);
        int expected = 0;
        for (size_t item = 0; item < list.labels.size(); ++item)
            expected += list.labels[item] == 0 && b.classes[item * static_cast<size_t>(b.top)] == 1;
        QCOMPARE(listed(), expected);
        click(u"images.matrix.change"_s);
        QVERIFY(matrix->data().isDifference);
        click(u"images.matrix.b"_s);
        // Of a click the cell under the mouse is told, not the one that the keys were at.
        find<QTreeView>(u"images.classes"_s)->setFocus();
        const QPoint cell = matrix->cellRect(2, 1).center().toPoint();
        QTest::mouseMove(matrix, cell);
        QTest::mouseClick(matrix, Qt::LeftButton, {}, cell);
        QCOMPARE(find<QLabel>(u"images.readOut"_s)->text(), matrix->data().describe(2, 1));
        click(u"images.allClasses"_s);
    }

    void tellsWhatBothModelsThinkOfAPicture()
    {
        auto* grid = find<ui::ThumbGrid>(u"images.grid"_s);
        auto* panel = find<ui::PicturePanel>(u"images.picture"_s);
        QTRY_VERIFY(grid->isComplete());
        const store::Project project = open();
        const store::Predictions last = stored(project, 2, "ut");
        const store::PredictionItems list = items(project, last.listId);
        for (int row = 0; row < listed(); ++row) {
            grid->setFocus();
            if (row > 0)
                QTest::keyClick(grid, Qt::Key_Right);
            QCOMPARE(grid->currentIndex().row(), row);
            QVERIFY2(grid->problemOf(grid->currentIndex()).isEmpty(),
                     qPrintable(grid->problemOf(grid->currentIndex())));
            const int64_t image =
                static_cast<ui::PictureListModel*>(grid->model())->entryAt(row).id;
            const auto found = std::find(list.images.begin(), list.images.end(), image);
            const auto item = static_cast<size_t>(found - list.images.begin());
            QVERIFY(panel->facts() && panel->facts()->image == image);
            const ui::ModelVerdict& b = panel->facts()->b;
            QCOMPARE(b.best.size(), size_t{4}); // there are no more classes
            QCOMPARE(b.truthRank, static_cast<int64_t>(last.truthRanks[item]));
            QCOMPARE(ui::fromQt(b.best.front().name),
                     list.classes[static_cast<size_t>(
                         last.classes[item * static_cast<size_t>(last.top)])]);
            const auto& rights = find<ui::SessionStrip>(u"images.strip0"_s)->rights();
            QCOMPARE(rights.size(), size_t{3});
            for (int session = 0; session < 3; ++session) {
                const store::Predictions then = stored(project, session, "ut");
                QCOMPARE(rights[static_cast<size_t>(session)],
                         std::pair(session, then.truthRanks[item] == 0));
            }
        }
        QVERIFY(!find<ui::SessionStrip>(u"images.strip1"_s)->isVisible()); // A is the same run
    }

    void opensTheOriginalWhereItIs()
    {
        auto* grid = find<ui::ThumbGrid>(u"images.grid"_s);
        QTRY_VERIFY(find<QPushButton>(u"images.open"_s)->isEnabled());
        QTest::keyClick(grid, Qt::Key_Return);
        QTRY_COMPARE(m_opened.size(), 1);
        const QString original = m_opened.front().toLocalFile();
        QVERIFY(QFile::exists(original));
        // What only has the name of a picture is not handed to the desktop.
        QVERIFY(QFile::rename(original, original + u".kept"_s));
        QFile script(original);
        QVERIFY(script.open(QIODevice::WriteOnly) && script.write("#!/bin/sh\n") > 0);
        script.close();
        QTest::keyClick(grid, Qt::Key_Return);
        QTRY_COMPARE(m_problems.size(), 1);
        QVERIFY2(m_problems[0].contains(u"is no picture"_s), qPrintable(m_problems[0]));
        QCOMPARE(m_opened.size(), 1);
        m_problems.clear();
        QVERIFY(QFile::remove(original) && QFile::rename(original + u".kept"_s, original));
        // The data went elsewhere: the pictures are still here, the original is not.
        QVERIFY(QFile::rename(at(u"study"_s), at(u"moved"_s)));
        QTest::keyClick(grid, Qt::Key_Home);
        QTRY_VERIFY(find<QLabel>(u"images.path"_s)->text().startsWith("Original not found at"_L1));
        QVERIFY(!find<QPushButton>(u"images.open"_s)->isEnabled());
        QVERIFY(find<QPushButton>(u"images.open"_s)->toolTip().contains(u"not found"_s));
        QTest::keyClick(grid, Qt::Key_Return);
        QCOMPARE(m_opened.size(), 1);
        QCOMPARE(m_problems.size(), 1); // Enter says it, too
        m_problems.clear();
        QVERIFY(QFile::rename(at(u"moved"_s), at(u"study"_s)));
    }

    void showsZeroShotClassesToo()
    {
        click(u"images.part.zs"_s);
        settle();
        const store::Project project = open();
        const store::Predictions b = stored(project, 2, "zs");
        QCOMPARE(outcomeLabel(u"all"_s), u"All %1"_s.arg(b.truthRanks.size()));
        auto* list = find<QTreeView>(u"images.classes"_s);
        QCOMPARE(list->model()->rowCount(), 3);
        QCOMPARE(list->model()->columnCount(), 4); // never trained: no session
        // Session by session, like the trained ones.
        auto* grid = find<ui::ThumbGrid>(u"images.grid"_s);
        const store::PredictionItems shown = items(project, b.listId);
        const int64_t image = static_cast<ui::PictureListModel*>(grid->model())
                                  ->entryAt(grid->currentIndex().row())
                                  .id;
        const auto item = static_cast<size_t>(
            std::find(shown.images.begin(), shown.images.end(), image) - shown.images.begin());
        const auto* strip = find<ui::SessionStrip>(u"images.strip0"_s);
        QTRY_COMPARE(strip->rights().size(), size_t{3});
        for (int session = 0; session < 3; ++session)
            QCOMPARE(strip->rights()[static_cast<size_t>(session)].second,
                     stored(project, session, "zs").truthRanks[item] == 0);
        auto* search = find<QLineEdit>(u"images.search"_s);
        QTest::keyClicks(search, list->model()->index(1, 0).data().toString());
        QCOMPARE(list->model()->rowCount(), 1);
        search->clear();
        click(u"images.part.ut"_s);
        settle();
    }

    void comparesAnyTwoModels()
    {
        auto* session = find<QComboBox>(u"images.sessionA"_s);
        session->setFocus();
        QTest::keyClick(session, Qt::Key_Down); // session 1
        settle();
        QCOMPARE(session->currentData().toInt(), 1);
        const store::Project project = open();
        const store::Predictions a = stored(project, 1, "ut");
        const store::Predictions b = stored(project, 2, "ut");
        int forgotten = 0;
        for (size_t item = 0; item < a.truthRanks.size(); ++item)
            forgotten += a.truthRanks[item] == 0 && b.truthRanks[item] != 0;
        QTRY_COMPARE(outcomeLabel(u"forgotten"_s), u"Forgotten %1"_s.arg(forgotten));
        click(u"images.swapButton"_s);
        settle();
        QTRY_COMPARE(outcomeLabel(u"learned"_s), u"Learned %1"_s.arg(forgotten));
        click(u"images.swapButton"_s);
        settle();
    }

    void fitsSmallWindows_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::newRow("1024 × 640") << QSize(1024, 640);
        QTest::newRow("800 × 600") << QSize(800, 600);
    }

    void fitsSmallWindows()
    {
        QFETCH(const QSize, size);
        m_window->showPage(u"images"_s);
        m_window->resize(size);
        QTRY_COMPARE(m_window->size(), size);
        settle();
        auto* grid = find<ui::ThumbGrid>(u"images.grid"_s);
        auto* classes = find<QTreeView>(u"images.classes"_s);
        auto* matrix = find<ui::ConfusionView>(u"images.confusion"_s);
        auto* panel = find<ui::PicturePanel>(u"images.picture"_s);
        QTRY_VERIFY(find<QWidget>(u"images.parts"_s)->isVisible());
        const auto check = [&](const QWidget* part) {
            QTRY_VERIFY(part->isVisible());
            for (const QWidget* other :
                 {static_cast<QWidget*>(classes), static_cast<QWidget*>(matrix),
                  static_cast<QWidget*>(panel)})
                QCOMPARE(other->isVisible(), other == part);
            QVERIFY2(part->width() >= 200 && part->height() >= 90,
                     qPrintable(u"%1 × %2"_s.arg(part->width()).arg(part->height())));
            // At least two pictures beside each other, both whole.
            QVERIFY(listed() > 2);
            const QRect first = grid->visualRect(grid->model()->index(0, 0));
            const QRect second = grid->visualRect(grid->model()->index(1, 0));
            QCOMPARE(second.top(), first.top());
            QVERIFY(first.right() < second.left() && first.width() >= 110);
            QVERIFY(grid->viewport()->rect().contains(second));
            QStringList problems;
            const ui::Page& page = *m_window->page(u"images"_s);
            test::checkTexts(page, problems);
            test::checkOverlaps(page, problems);
            test::checkChoices(page, problems);
            QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
            auto* frame = find<QScrollArea>(u"frame.images"_s);
            QCOMPARE(frame->horizontalScrollBar()->maximum(), 0);
        };
        click(u"images.parts.classes"_s);
        check(classes);
        click(u"images.parts.confusion"_s);
        check(matrix);
        // A click on a picture tells about it, and the classes come back.
        QTest::mouseClick(grid->viewport(), Qt::LeftButton, {},
                          grid->visualRect(grid->model()->index(1, 0)).center());
        check(panel);
        QVERIFY(find<QPushButton>(u"images.parts.picture"_s)->isChecked());
        QVERIFY(panel->facts().has_value());
        click(u"images.parts.classes"_s);
        check(classes);
    }

    void keepsEverythingInSightInALargeWindow()
    {
        m_window->resize(1440, 900);
        QTRY_VERIFY(!find<QWidget>(u"images.parts"_s)->isVisible());
        QVERIFY(find<QTreeView>(u"images.classes"_s)->isVisible());
        QVERIFY(find<ui::ConfusionView>(u"images.confusion"_s)->isVisible());
        QVERIFY(find<ui::PicturePanel>(u"images.picture"_s)->isVisible());
    }

    void cleanupTestCase()
    {
        QDesktopServices::unsetUrlHandler(u"file"_s);
        m_window.reset();
        m_state.reset();
    }
};

QTEST_MAIN(TestImagesStory)
#include "tst_images_story.moc"
