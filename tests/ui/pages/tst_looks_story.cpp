// SPDX-License-Identifier: GPL-3.0-or-later
// A story of how runs look: hidden and coloured ones are so everywhere; and how the page Runs
// looks: columns, sorting, filter and selection come back with their project.
#include "tests/ui/pages/starter_story.h"
#include "ui/shell/theme.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QToolButton>

using namespace clwb;
using namespace clwb::ui;
using namespace Qt::StringLiterals;
using test::Starter;
using Story = test::StarterStory;

class TestLooksStory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(u"^(?!This plugin does not support|QStandardPaths).*"_s));
    }

    void hidesARunEverywhere()
    {
        const Starter starter;
        Settings settings;
        {
            Story story(settings, starter.project);
            QTRY_VERIFY(story.isReady());
            story.window.showPage(u"compare"_s, Json{{"runs", {59, 62, 65}}});
            QTRY_VERIFY(story.isReady() && story.compared(65).isValid());
            story.select({59});
            story.trigger(u"runs.hide"_s);
            QVERIFY(story.ofRun(59, RunListModel::HiddenRole).toBool());
            QVERIFY(!story.isDrawn(59) && story.isDrawn(62));
            // Live leaves it out although it is pinned; what is pinned anew is shown.
            story.state.setPinned(62, true);
            story.state.setPinned(59, true);
            QVERIFY(story.isDrawn(59));
            story.window.showPage(u"live"_s, Json{{"run", 65}});
            QTRY_VERIFY(story.live(59) && story.live(62));
            story.state.looks().toggle({59});
            QTRY_VERIFY(!story.live(59));
            QVERIFY(story.live(62) && story.live(65));
            story.state.looks().toggle({59}); // the same gesture takes it back
            QTRY_VERIFY(story.live(59));
            // Only one, and back.
            story.select({62});
            story.trigger(u"runs.solo"_s);
            QVERIFY(story.isDrawn(62) && !story.isDrawn(59) && !story.isDrawn(65));
            story.trigger(u"runs.solo"_s);
            QVERIFY(story.isDrawn(59) && story.isDrawn(65));
            story.trigger(u"runs.solo"_s);
            QVERIFY(story.find<QPushButton>(u"runs.showHidden"_s)->isVisible());
        }
        // It is remembered, and one click shows all again.
        const Story again(settings, starter.project);
        QTRY_VERIFY(again.isReady());
        QTRY_VERIFY(again.ofRun(59, RunListModel::HiddenRole).toBool());
        QVERIFY(!again.ofRun(62, RunListModel::HiddenRole).toBool());
        again.click(u"runs.showHidden"_s);
        QVERIFY(!again.ofRun(59, RunListModel::HiddenRole).toBool());
        QVERIFY(!again.find<QPushButton>(u"runs.showHidden"_s)->isVisible());
    }

    void tablesLeaveHiddenRunsOutOnRequestOnly()
    {
        const Starter starter;
        Settings settings;
        Story story(settings, starter.project);
        QTRY_VERIFY(story.isReady());
        std::vector<int64_t> all;
        for (const store::RunRow& run : story.state.runs())
            all.push_back(run.runId);
        story.window.showPage(u"tables"_s, Json{{"kind", "mst"}});
        QTRY_VERIFY(story.isReady());
        auto* table = story.find<QAbstractItemView>(u"tables.table"_s);
        const int rows = table->model()->rowCount();
        QVERIFY(rows > 0);
        const auto firstValue = [table] { return table->model()->index(0, 1).data().toString(); };
        const QString value = firstValue();
        story.state.looks().toggle(all);
        QTRY_VERIFY(story.isReady());
        QCOMPARE(table->model()->rowCount(), rows);
        QCOMPARE(firstValue(), value);
        QMenu* more = story.find<QToolButton>(u"tables.more"_s)->menu();
        Story::choose(more, u"Rows of the paper"_s);
        Story::choose(more, u"Leave out runs hidden"_s);
        QTRY_VERIFY(story.isReady() && table->model()->rowCount() == 0);
    }

    void colourIsTheSameEverywhere()
    {
        const Starter starter;
        Settings settings;
        const QColor green = lineColours()[6].colour;
        {
            Story story(settings, starter.project);
            QTRY_VERIFY(story.isReady());
            const QColor before = story.swatch(59);
            story.select({59});
            Q_EMIT story.list()->customContextMenuRequested(
                story.list()->visualRect(story.list()->currentIndex()).center());
            auto* menu = story.find<QMenu>(u"runs.menu"_s);
            QVERIFY(menu);
            Story::choose(menu->findChild<QMenu*>(u"colourMenu"_s), lineColours()[6].name);
            QCOMPARE(story.swatch(59), green);
            QCOMPARE(story.swatch(60), green); // its other seeds: they share a line
            QVERIFY(story.swatch(62) != green);
            story.window.showPage(u"compare"_s, Json{{"runs", {59, 60, 61, 62}}});
            QTRY_VERIFY(story.isReady() && story.compared(59).isValid());
            QCOMPARE(story.compared(59).data(ComparedListModel::ColourRole).value<QColor>(), green);
            story.window.showPage(u"live"_s, Json{{"run", 59}});
            QTRY_VERIFY(story.live(59));
            QCOMPARE(story.live(59)->colour, green);
            story.state.looks().setColour({60}, {});
            QCOMPARE(story.swatch(60), before);
        }
        const Story again(settings, starter.project);
        QTRY_VERIFY(again.isReady());
        QTRY_COMPARE(again.swatch(59), green);
    }

    void swatchesAreTheShadesOfCompare()
    {
        const Starter starter;
        Settings settings;
        Story story(settings, starter.project);
        QTRY_VERIFY(story.isReady());
        // Settings of one method, so that Compare must tell them apart.
        std::map<std::string, int64_t> runs;
        for (const store::RunRow& run : story.state.runs()) {
            const auto hash = story.state.runDetails().configurations.find(run.runId);
            if (run.method == "vr-lwf" && run.option == "WM" && run.setting == "MST" &&
                run.status == "finished" && hash != story.state.runDetails().configurations.end())
                runs.try_emplace(hash->second, run.runId);
        }
        QVERIFY(runs.size() > 1);
        std::vector<int64_t> ids;
        for (const auto& [hash, run] : runs)
            ids.push_back(run);
        story.window.showPage(u"compare"_s, Json{{"runs", ids}});
        QTRY_VERIFY(story.isReady() &&
                    story.find<ComparedList>(u"compare.list"_s)->model()->rowCount() > 1);
        std::set<QRgb> colours;
        const QAbstractItemModel* lines = story.find<ComparedList>(u"compare.list"_s)->model();
        for (int row = 0; row < lines->rowCount(); ++row) {
            const QModelIndex line = lines->index(row, 0);
            const int64_t run = line.data(ComparedListModel::IdRole).toLongLong();
            const auto colour = line.data(ComparedListModel::ColourRole).value<QColor>();
            QCOMPARE(story.swatch(run), colour);
            colours.insert(colour.rgb());
        }
        QVERIFY(colours.size() > 1);
    }

    void everyColourCanBeSeen()
    {
        for (const auto& [name, colour] : lineColours()) {
            QVERIFY2(contrast(colour, lightTheme().card) >= kLineContrast, qPrintable(name));
            QVERIFY2(contrast(colour, darkTheme().card) >= kLineContrast, qPrintable(name));
        }
    }

    void columnsComeBackWithTheirProject()
    {
        const Starter starter;
        Settings settings;
        const int tags = columnOf(u"tags"_s);
        const int bwt = columnOf(u"bwt"_s);
        const int zs = columnOf(u"zs"_s);
        const int ut = columnOf(u"ut"_s);
        const QString other = starter.folder.filePath(u"other.db"_s);
        {
            Story story(settings, starter.project);
            QTRY_VERIFY(story.isReady());
            QHeaderView* header = story.list()->header();
            QVERIFY(!header->isSectionHidden(tags));
            story.list()->setColumnHidden(tags, true);
            story.list()->setColumnWidth(zs, 131);
            header->moveSection(header->visualIndex(bwt), 2);
            story.list()->sortByColumn(ut, Qt::AscendingOrder);
            story.list()->sortByColumn(zs, Qt::DescendingOrder);
            story.find<QLineEdit>(u"runs.filter"_s)->setText(u"setting:mst"_s);
            story.list()->selectRuns({62, 63});
            // A new list changes nothing of it.
            story.state.refresh();
            QTRY_VERIFY(story.isReady());
            QVERIFY(header->isSectionHidden(tags));
            QCOMPARE(header->visualIndex(bwt), 2);
            // Another project has no filter of this one; this one has it again.
            story.state.openProject(other, store::OpenMode::CreateIfMissing);
            QTRY_COMPARE(story.state.projectName(), u"other"_s);
            QCOMPARE(story.find<QLineEdit>(u"runs.filter"_s)->text(), QString());
            QVERIFY(header->isSectionHidden(tags)); // but the way to look at a list
            story.trigger(u"view.resetLayout"_s);
            QVERIFY(!header->isSectionHidden(tags));
        }
        Story again(settings, starter.project);
        QTRY_VERIFY(again.isReady());
        const QHeaderView* header = again.list()->header();
        QTRY_VERIFY(header->isSectionHidden(tags));
        QCOMPARE(header->visualIndex(bwt), 2);
        QCOMPARE(header->sectionSize(zs), 131);
        QCOMPARE(header->sortIndicatorSection(), zs);
        QCOMPARE(again.model()->sorts(),
                 (RunListModel::Sorts{{zs, Qt::DescendingOrder}, {ut, Qt::AscendingOrder}}));
        QCOMPARE(again.find<QLineEdit>(u"runs.filter"_s)->text(), u"setting:mst"_s);
        QTRY_COMPARE(again.list()->selectedRuns(), (std::vector<int64_t>{62, 63}));
        again.trigger(u"view.resetLayout"_s);
        QVERIFY(!header->isSectionHidden(tags));
        QCOMPARE(header->visualIndex(bwt), bwt);
    }
};

QTEST_MAIN(TestLooksStory)
#include "tst_looks_story.moc"
