// SPDX-License-Identifier: GPL-3.0-or-later
// A story through the Runs page on the starter project: configurations, best values, columns,
// archive, origin, disk space.
#include "core/store/disk_use.h"
#include "tests/plain/store_support.h"
#include "tests/ui/pages/starter_story.h"
#include "tests/ui/shell/stored_branch.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/run_list_model.h"
#include "ui/pages/page.h"
#include "ui/shell/actions.h"
#include "ui/shell/app_state.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/run_view.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QFile>
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QTreeWidget>

#include <filesystem>
#include <fstream>

using namespace clwb;
using namespace clwb::ui;
using namespace Qt::StringLiterals;

namespace
{

struct Story : test::OwnStarterStory
{
    using OwnStarterStory::OwnStarterStory;
    [[nodiscard]] bool isReady() const
    {
        return state.hasProject() && window.page(u"runs"_s)->isSettled();
    }
    void chooseInHeader(int column, const QString& text) const
    {
        const QHeaderView* header = list()->header();
        const QPoint place(header->sectionViewportPosition(column) + 10, header->height() / 2);
        Q_EMIT list()->header()->customContextMenuRequested(place);
        choose(find<QMenu>(u"runs.headerMenu"_s), text);
    }
};

} // namespace

class TestRunsStory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(u"^(?!This plugin does not support|QStandardPaths).*"_s));
    }

    void groupsSeedsOfAConfiguration()
    {
        Settings settings;
        const Story story(settings);
        QTRY_VERIFY(story.isReady());
        Story::choose(story.find<QToolButton>(u"runs.group"_s)->menu(), u"Configuration"_s);
        // Against the rows themselves: some configuration has three seeds.
        const RunListModel& model = *story.model();
        const int zs = columnOf(u"zs"_s);
        int found = 0;
        for (int group = 0; group < model.rowCount(); ++group) {
            const QModelIndex line = model.index(group, 0);
            double sum = 0;
            std::set<int64_t> seeds;
            for (int row = 0; row < model.rowCount(line); ++row) {
                const store::RunRow* run = model.runAt(model.index(row, 0, line));
                const auto value = run->metrics.find("ZS-Acc");
                if (run->seed && value != run->metrics.end() && seeds.insert(*run->seed).second)
                    sum += value->second;
            }
            if (seeds.size() < 2)
                continue;
            ++found;
            const QString mean = line.siblingAtColumn(zs).data().toString().section(u" ± "_s, 0, 0);
            QCOMPARE(mean, QString::number(sum / static_cast<double>(seeds.size()), 'f', 2));
            QVERIFY(!story.list()->isExpanded(line));
        }
        QVERIFY(found > 0);
        // A selected configuration stands for its runs.
        story.list()->setCurrentIndex(model.index(0, 0));
        QCOMPARE(static_cast<int>(story.list()->selectedRuns().size()),
                 model.rowCount(model.index(0, 0)));
        // And stays selected, folded, when the list is sorted anew.
        const int64_t run = story.list()->currentRun();
        const auto runs = story.list()->selectedRuns();
        story.list()->sortByColumn(zs, Qt::AscendingOrder);
        QCOMPARE(story.list()->currentRun(), run);
        QCOMPARE(story.list()->selectedRuns(), runs);
        QVERIFY(!story.list()->isExpanded(story.list()->currentIndex().siblingAtColumn(0)));
    }

    void showsAndRemembersBestValues()
    {
        Settings settings;
        const int ut = columnOf(u"ut"_s);
        {
            Story story(settings);
            QTRY_VERIFY(story.isReady());
            const int64_t run = story.list()->currentRun();
            story.chooseInHeader(ut, u"Best Value"_s);
            QTRY_VERIFY(story.isReady());
            const auto stored =
                store::Project::open(toPath(story.state.projectFile()), store::OpenMode::ReadOnly);
            const auto metrics = stored->metrics(run);
            QVERIFY(metrics.has_value());
            double best = 0;
            for (const store::MetricPoint& point : *metrics) {
                if (point.name == "UT-Acc (session mean)" && point.session > 0)
                    best = std::max(best, point.value);
            }
            QTRY_COMPARE(story.model()->indexOfRun(run).siblingAtColumn(ut).data().toString(),
                         QString::number(best, 'f', 2));
            story.list()->setFocus();
            story.trigger(u"edit.copy"_s);
            const QString copied = QApplication::clipboard()->text();
            QVERIFY(copied.contains(u"UT-Acc (best over sessions)"_s));
            QVERIFY(copied.contains(u"UT-Acc (session of the best)"_s));
            QVERIFY(copied.contains(u"ZS-Acc (last)"_s));
            Story::choose(story.find<QToolButton>(u"runs.export"_s)->menu(), u"List as Shown"_s);
            const QString file = story.folder.filePath(u"list.csv"_s);
            auto* dialog = story.window.findChild<QFileDialog*>();
            QVERIFY(dialog);
            Q_EMIT dialog->fileSelected(file);
            dialog->close();
            QTRY_VERIFY(QFile::exists(file));
            QFile csv(file);
            QVERIFY(csv.open(QIODevice::ReadOnly));
            QVERIFY(csv.readLine().contains("UT-Acc (best over sessions)"));
            // The window says what was written, and where.
            const auto* told = story.find<Banner>(u"window.problem"_s);
            QTRY_COMPARE(told->message(), u"list.csv was written"_s);
            QVERIFY(told->accessibleDescription().contains(file));
            QCOMPARE(story.find<QPushButton>(u"window.problem.offer"_s)->text(),
                     u"Show in Folder"_s);
        }
        const Story again(settings);
        QTRY_VERIFY(again.isReady());
        QVERIFY(again.model()->figures().shown(ut) == MetricValue::Best);
    }

    void showsTheValueAfterASession()
    {
        Settings settings;
        const test::Starter starter;
        const int zs = columnOf(u"zs"_s);
        {
            test::StarterStory story(settings, starter.project);
            QTRY_VERIFY(story.isReady());
            story.click(u"runs.columns"_s);
            auto* lines = story.find<QTreeWidget>(u"columns.list"_s);
            auto* button = story.find<QPushButton>(u"columns.value"_s);
            lines->setCurrentItem(lines->findItems(u"tags"_s, Qt::MatchExactly).value(0));
            QVERIFY(!button->isEnabled());
            lines->setCurrentItem(lines->findItems(u"ZS-Acc"_s, Qt::MatchExactly).value(0));
            QTest::mouseClick(button, Qt::LeftButton);
            auto* menu = story.find<QMenu>(u"columns.valueMenu"_s);
            auto* sessions = story.find<QMenu>(u"runs.sessionMenu"_s);
            QVERIFY(menu && sessions);
            QTRY_COMPARE(sessions->actions().size(), 9); // before training, and after 1 … 8
            QVERIFY(sessions->actions().at(1)->text().contains(u" OST"_s));
            QVERIFY(!sessions->actions().at(2)->text().contains(u"OST"_s));
            QVERIFY(!menu->actions().at(2)->isEnabled()); // the final value: all came so far
            menu->setActiveAction(sessions->menuAction());
            QTest::keyClick(menu, Qt::Key_Right);
            QTRY_VERIFY(sessions->isVisible());
            sessions->setActiveAction(sessions->actions().at(0));
            for (int key = 0; key < 3; ++key)
                QTest::keyClick(sessions, Qt::Key_Down);
            QTest::keyClick(sessions, Qt::Key_Return);
            story.click(u"columns.close"_s);
            QTRY_VERIFY(story.isReady());
            QCOMPARE(story.model()->headerData(zs, Qt::Horizontal, Qt::DisplayRole).toString(),
                     u"ZS-Acc s3"_s);
            const auto stored =
                store::Project::open(toPath(starter.project), store::OpenMode::ReadOnly);
            for (const store::RunRow* run : story.model()->shownRuns()) {
                QString expected = u"—"_s;
                const auto metrics = stored->metrics(run->runId);
                for (const store::MetricPoint& point : *metrics) {
                    if (point.session == 3 && point.name == "ZS-Acc")
                        expected = QString::number(point.value, 'f', 2);
                }
                QTRY_COMPARE(
                    story.model()->indexOfRun(run->runId).siblingAtColumn(zs).data().toString(),
                    expected);
            }
            story.list()->setFocus();
            story.trigger(u"edit.copy"_s);
            QVERIFY(QApplication::clipboard()->text().contains(u"ZS-Acc (session 3)"_s));
        }
        const test::StarterStory again(settings, starter.project);
        QTRY_VERIFY(again.isReady());
        QVERIFY(again.model()->figures().shown(zs) == MetricValue::after(3));
    }

    void choosesColumns()
    {
        Settings settings;
        const Story story(settings);
        QTRY_VERIFY(story.isReady());
        story.click(u"runs.columns"_s);
        auto* lines = story.find<QTreeWidget>(u"columns.list"_s);
        QTest::keyClicks(story.find<QLineEdit>(u"columns.search"_s), u"seed"_s);
        QTreeWidgetItem* seed = lines->findItems(u"seed"_s, Qt::MatchExactly).value(0);
        QVERIFY(seed && !seed->isHidden());
        QVERIFY(lines->findItems(u"tags"_s, Qt::MatchExactly).value(0)->isHidden());
        QVERIFY(story.list()->isColumnHidden(columnOf(u"seed"_s)));
        lines->setCurrentItem(seed);
        lines->setFocus();
        QTest::keyClick(lines, Qt::Key_Space);
        QVERIFY(!story.list()->isColumnHidden(columnOf(u"seed"_s)));
        const int before = story.list()->header()->visualIndex(columnOf(u"seed"_s));
        story.click(u"columns.up"_s);
        QCOMPARE(story.list()->header()->visualIndex(columnOf(u"seed"_s)), before - 1);
        story.click(u"columns.reset"_s);
        QVERIFY(story.list()->isColumnHidden(columnOf(u"seed"_s)));
        story.click(u"columns.close"_s);
    }

    void keepsPinnedColumnsInSight()
    {
        Settings settings;
        Story story(settings);
        story.window.resize(1024, 768);
        QTRY_VERIFY(story.isReady());
        RunView* list = story.list();
        const int name = columnOf(u"name"_s);
        QVERIFY(list->columnWidth(name) >= 200);
        const auto left = [&] {
            return list->viewport()->grab({0, 0, 200, list->viewport()->height()}).toImage();
        };
        const QImage before = left();
        QVERIFY(list->horizontalScrollBar()->maximum() > 100);
        list->horizontalScrollBar()->setValue(100);
        QCOMPARE(left(), before);
        list->setPinnedColumns({});
        QVERIFY(left() != before);
    }

    void archivesAndRestores()
    {
        Settings settings;
        Story story(settings);
        QTRY_VERIFY(story.isReady());
        const int64_t run = story.list()->currentRun();
        const int shown = story.model()->shownCount();
        story.trigger(u"runs.archive"_s);
        QTRY_COMPARE(story.model()->shownCount(), shown - 1);
        QVERIFY(!story.model()->indexOfRun(run).isValid());
        story.click(u"runs.archived"_s);
        QCOMPARE(story.model()->shownCount(), shown);
        story.click(u"runs.archived"_s);
        QCOMPARE(story.model()->shownCount(), shown - 1);
        story.trigger(u"edit.undo"_s);
        QTRY_VERIFY(story.model()->indexOfRun(run).isValid());
        QTRY_VERIFY(story.isReady());
    }

    void tellsWhatWentToTheTrashAndTakesItBack()
    {
        Settings settings;
        Story story(settings);
        QTRY_VERIFY(story.isReady());
        const int64_t run = story.list()->currentRun();
        const auto* told = story.find<Banner>(u"window.problem"_s);
        auto* undo = story.find<QPushButton>(u"window.problem.offer"_s);
        story.trigger(u"runs.trash"_s);
        QTRY_COMPARE(told->message(), u"1 run moved to the trash"_s);
        QVERIFY(undo->isVisible());
        QTest::mouseClick(undo, Qt::LeftButton);
        QTRY_VERIFY(story.model()->indexOfRun(run).isValid());
        QVERIFY(!told->isVisible());
        // Undone by the keyboard it no longer holds either.
        story.list()->selectRun(run);
        story.trigger(u"runs.trash"_s);
        QTRY_VERIFY(told->isVisible());
        story.trigger(u"edit.undo"_s);
        QVERIFY(!told->isVisible());
        QTRY_VERIFY(story.model()->indexOfRun(run).isValid());
        QTRY_VERIFY(story.isReady());
    }

    void leadsFromABranchToItsSource()
    {
        Settings settings;
        Story story(settings);
        QTRY_VERIFY(story.isReady());
        const int64_t branch = test::addBranch(toPath(story.state.projectFile()), 62, 4);
        story.state.refresh();
        QTRY_VERIFY(story.state.findRun(branch));
        story.window.showPage(u"runs"_s, Json{{"run", branch}});
        QTRY_VERIFY(story.isReady());
        auto* link = story.find<QPushButton>(u"inspector.branch"_s);
        QVERIFY(link->isVisible());
        QCOMPARE(link->text(), u"Branch from #62, session 4 — open it"_s);
        auto* lines = story.find<QTreeWidget>(u"inspector.origin"_s);
        QTRY_COMPARE(lines->topLevelItem(0)->text(0), u"Branch"_s);
        QCOMPARE(lines->topLevelItem(0)->text(1), u"after session 4, #62 VR-LwF-WM, MST, seed 0"_s);
        QTest::mouseClick(link, Qt::LeftButton);
        QCOMPARE(story.list()->currentRun(), int64_t{62});
        QVERIFY(!link->isVisible());
        // And from the lines of its origin.
        story.list()->selectRun(branch);
        QTRY_VERIFY(story.isReady() && lines->topLevelItem(0)->text(0) == u"Branch"_s);
        Q_EMIT lines->itemActivated(lines->topLevelItem(0), 1);
        QCOMPARE(story.list()->currentRun(), int64_t{62});
        QTRY_VERIFY(story.isReady());
    }

    void fitsItsColumnsIntoTheWindow()
    {
        Settings settings;
        const Story story(settings);
        QTRY_VERIFY(story.isReady());
        QCOMPARE(story.list()->horizontalScrollBar()->maximum(), 0);
    }

    void keepsItsButtonsInASmallWindow()
    {
        Settings settings;
        Story story(settings);
        QTRY_VERIFY(story.isReady());
        story.window.resize(800, 600);
        const auto* frame = story.find<QScrollArea>(u"frame.runs"_s);
        QTRY_COMPARE(story.window.page(u"runs"_s)->width(), frame->viewport()->width());
        const auto* add = story.find<QPushButton>(u"runs.new"_s);
        QTRY_COMPARE(add->visibleRegion().boundingRect().size(), add->size());
    }

    void tellsWhereARunCameFrom()
    {
        Settings settings;
        const Story story(settings);
        QTRY_VERIFY(story.isReady());
        auto* lines = story.find<QTreeWidget>(u"inspector.origin"_s);
        QTRY_VERIFY(lines->topLevelItemCount() > 6);
        QStringList titles;
        for (int row = 0; row < lines->topLevelItemCount(); ++row)
            titles << lines->topLevelItem(row)->text(0);
        for (const QString& title : {u"Commit"_s, u"LibTorch"_s, u"CPU"_s, u"Command line"_s,
                                     u"Study SHA-256"_s, u"Model SHA-256"_s})
            QVERIFY2(titles.contains(title), qPrintable(title));
    }

    void freesWhatNoRunNeeds()
    {
        Settings settings;
        Story story(settings);
        QTRY_VERIFY(story.isReady());
        std::filesystem::path states;
        {
            const auto writer =
                store::RunWriter::createRun(toPath(story.state.projectFile()), test::sampleRun());
            QVERIFY(writer.has_value());
            (*writer)->finish("finished", "", 1);
            states = (*writer)->folder() / "checkpoint/checkpoint-1";
        }
        std::filesystem::create_directories(states);
        std::ofstream(states / "state.json") << std::string(5000, 'x');
        story.trigger(u"dialog.disk_space"_s);
        auto* free = story.find<QPushButton>(u"disk.free"_s);
        QTRY_VERIFY(free->isEnabled());
        story.click(u"disk.free"_s);
        QVERIFY(std::filesystem::exists(states)); // the first click only asks
        QVERIFY(story.find<QLabel>(u"disk.says"_s)->text().contains(u"1 run"_s));
        story.click(u"disk.free"_s);
        QTRY_VERIFY(!std::filesystem::exists(states));
        QTRY_VERIFY(!free->isEnabled());
        story.find<QDialog>(u"dialog.disk_space"_s)->close();
    }
};

QTEST_MAIN(TestRunsStory)
#include "tst_runs_story.moc"
