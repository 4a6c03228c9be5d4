// SPDX-License-Identifier: GPL-3.0-or-later
// What is selected in the run list stays so over new data, and what can be done follows it.
#include "core/store/run_writer.h"
#include "tests/plain/store_support.h"
#include "tests/ui/pages/starter_story.h"
#include "tests/ui/shell/stored_branch.h"
#include "ui/bridge/qt_text.h"
#include "ui/widgets/banner.h"

#include <QFileDialog>
#include <QLineEdit>
#include <QToolButton>

#include <algorithm>

using namespace clwb;
using namespace clwb::ui;
using namespace Qt::StringLiterals;

namespace
{

constexpr int64_t kSeed0 = 62; // of VR-LwF-WM in MST, as is the next
constexpr int64_t kSeed1 = 63;

struct Story : test::OwnStarterStory
{
    using OwnStarterStory::OwnStarterStory;
    void press(int64_t run, Qt::KeyboardModifiers modifiers = {}) const
    {
        const QModelIndex index = model()->indexOfRun(run).siblingAtColumn(columnOf(u"name"_s));
        list()->scrollTo(index);
        QTest::mouseClick(list()->viewport(), Qt::LeftButton, modifiers,
                          list()->visualRect(index).center());
    }
    [[nodiscard]] bool isEnabled(const QString& button) const
    {
        return find<QPushButton>(button)->isEnabled();
    }
    /// As another program does.
    void endRun(const std::string& status = "finished") const
    {
        const auto writer =
            store::RunWriter::createRun(toPath(state.projectFile()), test::sampleRun("another"));
        QVERIFY(writer.has_value());
        (*writer)->finish(status, "", 1);
    }
};

QAction* entryOf(const QMenu& menu, const QString& part)
{
    for (QAction* entry : menu.actions()) {
        if (entry->text().remove(u'&').contains(part))
            return entry;
    }
    return nullptr;
}

} // namespace

class TestRunsSelection : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aSelectedRunCanBeUsedAfterAnotherEnded_data()
    {
        QTest::addColumn<QString>("meanwhile");
        QTest::newRow("on the page") << u"page.runs"_s;
        QTest::newRow("on another page") << u"page.live"_s;
    }
    void aSelectedRunCanBeUsedAfterAnotherEnded()
    {
        QFETCH(const QString, meanwhile);
        Settings settings;
        Story story(settings);
        QTRY_VERIFY(story.isReady());
        story.press(kSeed0);
        story.press(kSeed1, Qt::ControlModifier);
        const size_t before = story.state.runs().size();
        story.trigger(meanwhile);
        story.endRun();
        story.state.refresh();
        QTRY_COMPARE(story.state.runs().size(), before + 1);
        story.trigger(u"page.runs"_s);
        QTRY_VERIFY(story.isReady());
        std::vector<int64_t> selected = story.list()->selectedRuns();
        std::sort(selected.begin(), selected.end());
        QCOMPARE(selected, (std::vector<int64_t>{kSeed0, kSeed1}));
        QCOMPARE(story.list()->currentRun(), kSeed1);
        QVERIFY(story.isEnabled(u"runs.cloneSelected"_s));
        QVERIFY(story.isEnabled(u"runs.compareSelected"_s));
        story.click(u"runs.compareSelected"_s);
        QCOMPARE(story.window.currentPage(), u"compare"_s);
        QTRY_VERIFY(story.isReady());
        QVERIFY(story.compared(kSeed0).isValid());
    }

    void actionsFollowWhatIsSelected()
    {
        Settings settings;
        Story story(settings);
        QTRY_VERIFY(story.isReady());
        story.press(kSeed0);
        QVERIFY(story.isEnabled(u"runs.compareSelected"_s));
        story.press(kSeed0, Qt::ControlModifier); // the cursor stays, selected is nothing
        QVERIFY(story.list()->selectedRuns().empty());
        QVERIFY(!story.isEnabled(u"runs.cloneSelected"_s));
        QVERIFY(!story.isEnabled(u"runs.compareSelected"_s));
        QVERIFY(!story.find<QWidget>(u"inspector.name"_s)->isVisible());
        story.press(kSeed0);
        QVERIFY(story.isEnabled(u"runs.cloneSelected"_s));
        QTRY_VERIFY(story.find<QWidget>(u"inspector.name"_s)->isVisible());
        QTRY_VERIFY(story.isReady());
    }

    void aRunThatStaysSelectedIsTheOneThatIsUsed()
    {
        Settings settings;
        Story story(settings);
        QTRY_VERIFY(story.isReady());
        story.press(kSeed0);
        story.press(kSeed1, Qt::ControlModifier);
        // The filter takes away the one with the cursor.
        story.find<QLineEdit>(u"runs.filter"_s)->setText(u"seed:0"_s);
        QCOMPARE(story.list()->selectedRuns(), std::vector<int64_t>{kSeed0});
        QCOMPARE(story.list()->currentRun(), kSeed0);
        QVERIFY(story.isEnabled(u"runs.cloneSelected"_s));
        QTRY_VERIFY(story.isReady());
    }

    void anExportSaysWhatIsNotInIt()
    {
        Settings settings;
        Story story(settings);
        QTRY_VERIFY(story.isReady());
        const size_t before = story.state.runs().size();
        story.endRun("stopped");
        story.state.refresh();
        QTRY_COMPARE(story.state.runs().size(), before + 1);
        auto* menu = story.find<QToolButton>(u"runs.export"_s)->menu();
        QAction* entry = entryOf(*menu, u"(MST)"_s);
        QVERIFY(entry);
        Q_EMIT menu->aboutToShow();
        QVERIFY(entry->isEnabled());
        entry->trigger();
        auto* dialog = story.window.findChild<QFileDialog*>();
        QVERIFY(dialog);
        Q_EMIT dialog->fileSelected(story.folder.filePath(u"mst.csv"_s));
        dialog->close();
        QTRY_COMPARE(story.find<Banner>(u"window.problem"_s)->message(),
                     u"mst.csv was written; 1 run that has not finished is not in it"_s);
        // Path points are finished, but no rows of the paper's tables; the list holds them. Of what
        // the filter leaves out both tell.
        test::addPathPoint(toPath(story.state.projectFile()), kSeed0);
        story.state.refresh();
        QTRY_COMPARE(story.state.runs().size(), before + 2);
        story.find<QLineEdit>(u"runs.filter"_s)->setText(u"-origin:paper"_s);
        size_t reported = 0;
        for (const store::RunRow& run : story.state.runs())
            reported += run.origin == "paper" ? 1 : 0;
        QTRY_COMPARE(story.model()->shownRuns().size(), before + 2 - reported);
        const QString filtered =
            u"%1 runs that the filter leaves out are not in it"_s.arg(reported);
        const std::pair<QAction*, QString> exports[] = {
            {entry, u"1 run that has not finished is not in it; 1 path point, which was not "
                    u"trained, is not in it; "_s +
                        filtered},
            {entryOf(*menu, u"Runs as listed"_s), filtered},
            {entryOf(*menu, u"List as Shown"_s), filtered}};
        int written = 0;
        for (const auto& [each, told] : exports) {
            const QString name = u"again-%1.csv"_s.arg(++written);
            each->trigger();
            QTRY_VERIFY(!story.window.findChildren<QFileDialog*>().isEmpty());
            auto* asked = story.window.findChildren<QFileDialog*>().constLast();
            Q_EMIT asked->fileSelected(story.folder.filePath(name));
            asked->close();
            QTRY_COMPARE(story.find<Banner>(u"window.problem"_s)->message(),
                         name + u" was written; "_s + told);
            QTRY_VERIFY(story.window.findChildren<QFileDialog*>().isEmpty());
        }
        // Of unfinished runs alone there is no such table.
        story.find<QLineEdit>(u"runs.filter"_s)->setText(u"status:stopped"_s);
        QTRY_COMPARE(story.model()->shownRuns().size(), size_t{1});
        Q_EMIT menu->aboutToShow();
        QVERIFY(!entry->isEnabled());
        QCOMPARE(entry->toolTip(), u"None of the runs shown has finished"_s);
        // The point has, but is no row of it either; nor are there queries that it lost.
        story.find<QLineEdit>(u"runs.filter"_s)->setText(u"origin:imported"_s);
        QTRY_COMPARE(story.model()->shownRuns().size(), size_t{1});
        Q_EMIT menu->aboutToShow();
        QVERIFY(!entry->isEnabled());
        QCOMPARE(entry->toolTip(), u"Of the runs shown only points between two models have "
                                   u"finished, and a point between two models was not trained"_s);
        const int64_t point = story.model()->shownRuns().front()->runId;
        story.press(point);
        QVERIFY(story.state.findRun(point)->metrics.contains("IR@1"));
        QTRY_VERIFY(story.isReady());
        const Page* runs = story.window.page(u"runs"_s);
        QVERIFY(!runs->isActionEnabled(u"runs.lost"_s));
        QCOMPARE(runs->whyDisabled(u"runs.lost"_s),
                 u"A point between two models was not trained: it has no lost queries"_s);
        QTRY_VERIFY(story.isReady());
    }
};

QTEST_MAIN(TestRunsSelection)
#include "tst_runs_selection.moc"
