// SPDX-License-Identifier: GPL-3.0-or-later
// Recorded path points beside the starter's runs, and runs that lack a value of the trade-off.
#include "core/store/run_writer.h"
#include "core/store/sqlite.h"
#include "tests/plain/store_support.h"
#include "tests/support/require.h"
#include "tests/ui/pages/starter_story.h"
#include "tests/ui/shell/stored_branch.h"
#include "ui/bridge/qt_text.h"
#include "ui/plots/trade_off_plot.h"
#include "ui/widgets/run_picker.h"

#include <QLabel>

using namespace clwb;
using namespace clwb::ui;
using namespace Qt::StringLiterals;

namespace
{

constexpr int64_t kFt = 59;    // FT-WM, MST, seed 0
constexpr int64_t kSeed2 = 61; // whose details are not kept
constexpr int64_t kJoint = 91; // the last Joint-FT, MST
constexpr int64_t kVrLwf = 62;

double zsOf(const AppState& state, int64_t run)
{
    const store::RunRow* row = state.findRun(run);
    test::require(row != nullptr);
    return row->metrics.at("ZS-Acc");
}

void forgetZs(const QString& project, int64_t run)
{
    auto opened = store::Project::open(toPath(project), store::OpenMode::ReadWrite);
    test::require(opened.has_value());
    for (const char* name : {"ZS-Acc", "A-Acc"}) {
        auto statement =
            opened->database().prepare("DELETE FROM metric WHERE run_id = ? AND name_id = "
                                       "(SELECT name_id FROM value_name WHERE name = ?)");
        test::require(statement.has_value());
        statement->bindAll(run, std::string(name));
        test::require(statement->run().has_value());
    }
}

/// A run that was evaluated after each session up to `last`, but never on retrieval.
int64_t addWithoutRetrieval(const QString& project, int last, const char* status)
{
    auto writer = store::RunWriter::createRun(toPath(project), test::sampleRun(status));
    test::require(writer.has_value());
    for (int session = 0; session <= last; ++session)
        (*writer)->addEvaluation(test::sampleRecord(session), std::nullopt);
    (*writer)->finish(status, "", 1);
    test::require((*writer)->flush().has_value());
    return (*writer)->runId();
}

} // namespace

class TestPathPointsStory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void liveShowsATrainedRunAndItsJointReference()
    {
        Settings settings;
        const test::Starter starter;
        const int64_t joint = test::addPathPoint(toPath(starter.project), kJoint);
        const int64_t newest = test::addPathPoint(toPath(starter.project), kFt);
        test::StarterStory story(settings, starter.project);
        QTRY_VERIFY(story.isReady());
        QVERIFY(story.state.findRun(joint) && story.state.findRun(newest));
        QVERIFY(story.state.findRun(newest)->isPathPoint());
        story.trigger(u"page.live"_s);
        int64_t trained = 0;
        for (const store::RunRow& run : story.state.runs()) {
            if (run.kind == "method" && !run.isPathPoint())
                trained = std::max(trained, run.runId);
        }
        QVERIFY(trained < joint);
        QTRY_VERIFY(story.live(trained));
        QVERIFY(!story.live(newest));
        story.window.showPage(u"live"_s, Json{{"run", kFt}});
        QTRY_VERIFY(story.live(kFt));
        const auto jointLine = [&story] {
            const CurveData& drawn = story.find<CurvePlot>(u"live.zs"_s)->data();
            for (const ReferenceLine& line : drawn.references) {
                if (line.label == u"joint"_s)
                    return line.value;
            }
            return -1.0;
        };
        QTRY_COMPARE(jointLine(), zsOf(story.state, kJoint));
        QTRY_VERIFY(story.isReady());
    }

    void aPointOfACurveSaysWhyItHasNoLostQueries()
    {
        Settings settings;
        const test::Starter starter;
        const int64_t stopped = addWithoutRetrieval(starter.project, 1, "stopped");
        const int64_t bare = addWithoutRetrieval(starter.project, 2, "finished");
        const int64_t mixed = test::addPathPoint(toPath(starter.project), kFt);
        test::StarterStory story(settings, starter.project);
        QTRY_VERIFY(story.isReady());
        story.window.showPage(u"live"_s, Json{{"run", kFt}});
        QTRY_VERIFY(story.isReady() && story.live(kFt));
        struct Case
        {
            int64_t run;
            int session;
            QString why;
        };
        const Case cases[] = {{kFt, 0, u"Before training nothing is lost yet"_s},
                              {kSeed2, 3, u"at the end of a run"_s},
                              {kSeed2, 8, u"run the demo"_s},
                              {stopped, 1, u"at the end of a run"_s},
                              {bare, 2, u"Only a finished run that was evaluated on retrieval"_s},
                              {mixed, 8, u"A point between two models was not trained"_s}};
        auto* curve = story.find<CurvePlot>(u"live.ut"_s);
        for (const Case& each : cases) {
            Q_EMIT curve->pointClicked(QString::number(each.run), each.session,
                                       story.window.mapToGlobal(QPoint(300, 300)));
            QMenu* menu = nullptr;
            QTRY_VERIFY((menu = story.find<QMenu>(u"live.point"_s)) && menu->isVisible());
            QString why;
            for (QAction* action : menu->actions()) {
                if (!action->isEnabled() && action->text().contains(u"Queries"_s))
                    why = action->toolTip();
            }
            QVERIFY2(why.contains(each.why), qPrintable(each.why + u": "_s + why));
            menu->close();
            QTRY_VERIFY(!story.find<QMenu>(u"live.point"_s));
        }
    }

    void theTradeOffSaysWhatItLacks()
    {
        Settings settings;
        const test::Starter starter;
        forgetZs(starter.project, kFt);
        test::StarterStory story(settings, starter.project);
        QTRY_VERIFY(story.isReady());
        const auto show = [&story](const std::vector<int64_t>& runs) {
            story.window.showPage(u"compare"_s, Json{{"runs", runs}, {"tab", "tradeoff"}});
        };
        show({kFt, kVrLwf});
        auto* plot = story.find<TradeOffPlot>(u"compare.tradeOff"_s);
        QTRY_VERIFY(story.isReady() && plot->isVisible());
        QTRY_COMPARE(plot->data().points.size(), size_t{1});
        const auto* note = story.find<QLabel>(u"compare.notDrawn"_s);
        QTRY_VERIFY(note->isVisible());
        QCOMPARE(note->text(), u"Not drawn: FT-WM (no ZS-Acc)"_s);
        show({kFt});
        auto* choose = story.find<QPushButton>(u"compare.tradeOff.choose"_s);
        QTRY_VERIFY(choose->isVisible());
        QVERIFY(!plot->isVisible());
        QTest::mouseClick(choose, Qt::LeftButton);
        QTRY_VERIFY(story.window.findChild<RunPicker*>());
        story.window.findChild<RunPicker*>()->close();
        show({kVrLwf});
        QTRY_VERIFY(plot->isVisible() && !note->isVisible());
        QTRY_VERIFY(story.isReady());
    }

    void aShippedRunSaysWhyItsFolderCannotBeOpened()
    {
        Settings settings;
        test::OwnStarterStory story(settings);
        QTRY_VERIFY(story.isReady());
        story.select({kVrLwf + 1}); // with neither files nor ranks
        QTRY_VERIFY(story.isReady());
        const auto* open = story.find<QPushButton>(u"inspector.openFolder"_s);
        QTRY_VERIFY(!open->isEnabled() && open->toolTip().contains(u"not in the project"_s));
        QVERIFY(!open->isHidden());
        for (const QString& link : {u"inspector.lost"_s, u"inspector.forgotten"_s}) {
            const auto* button = story.find<QPushButton>(link);
            QTRY_VERIFY(button->isVisible() && !button->isEnabled());
            QVERIFY(button->toolTip().contains(u"run the demo"_s));
        }
    }
};

QTEST_MAIN(TestPathPointsStory)
#include "tst_path_points_story.moc"
