// SPDX-License-Identifier: GPL-3.0-or-later
// The demo through the real window and the real engine, on a tiny study: start, watch the curves
// grow, stop, continue, export.
#include "core/run/runner.h"
#include "core/store/project.h"
#include "tests/app/tiny_model.h"
#include "tests/support/tiny_study.h"
#include "ui/bridge/qt_text.h"
#include "ui/plots/curve_plot.h"
#include "ui/plots/qcp.h"
#include "ui/shell/actions.h"
#include "ui/shell/app_state.h"
#include "ui/shell/exports.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/banner_guard.h"

#include <QAction>
#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

#include <chrono>
#include <filesystem>
#include <thread>

using namespace clwb;
using namespace Qt::StringLiterals;

namespace
{

constexpr int kSessions = 4;
constexpr int kLongMs = 60000;

/// The program's engine on a tiny world, slowed so that there is time to press a button.
ui::Engine tinyEngine(const std::filesystem::path& folder)
{
    ui::Engine engine;
    engine.execute = [](const run::RunRequest& request, const run::EventSink& sink) {
        return run::executeRun(request, [&sink](const run::Event& event) {
            sink(event);
            if (std::holds_alternative<run::StepDone>(event))
                std::this_thread::sleep_for(std::chrono::milliseconds(120));
        });
    };
    engine.estimate = run::estimateRun;
    engine.findResumePoint = run::findResumePoint;
    engine.demo = ui::DemoFiles{folder / "world" / "study.json", folder / "model"};
    engine.prepareDemo = [world = folder / "world"](const StopToken&) -> Result<void> {
        if (!std::filesystem::exists(world / "study.json"))
            CLWB_TRY(test::writeTinyStudy(world, {.classes = 8, .sessions = kSessions}));
        return {};
    };
    return engine;
}

QPushButton* button(const ui::MainWindow& window, const QString& name)
{
    return window.findChild<QPushButton*>(name);
}

} // namespace

class TestDemoStory : public QObject
{
    Q_OBJECT

private:
    /// A click on the point of session 2 offers its model; the branch with the same settings ends
    /// with the same weights, byte for byte.
    static void branches(ui::MainWindow& window, const ui::CurvePlot& curve)
    {
        ui::AppState& state = window.state();
        const store::RunRow source = state.runs().front();
        QTRY_COMPARE_WITH_TIMEOUT(curve.data().series.back().points.size(), size_t{kSessions + 1},
                                  kLongMs);
        QCustomPlot* plot = curve.plot();
        QTest::qWait(100); // drawn
        const ui::CurvePoint& point = curve.data().series.back().points[2];
        const QPoint pixel(static_cast<int>(plot->xAxis->coordToPixel(point.session)),
                           static_cast<int>(plot->yAxis->coordToPixel(point.value)));
        QTest::mouseClick(plot, Qt::LeftButton, {}, pixel);
        QMenu* menu = nullptr;
        QTRY_VERIFY_WITH_TIMEOUT(
            (menu = window.findChild<QMenu*>(u"live.point"_s)) && menu->isVisible(), kLongMs);
        QAction* branch = nullptr;
        for (QAction* action : menu->actions()) {
            if (action->text().startsWith(u"Branch"_s))
                branch = action;
        }
        QVERIFY(branch && branch->isEnabled());
        branch->trigger();
        menu->close();
        auto* text = window.findChild<QLabel*>(u"new_run.branch"_s);
        QTRY_VERIFY_WITH_TIMEOUT(text->isVisible() && text->text().contains(u"after session 2"_s),
                                 kLongMs);
        QVERIFY(!window.findChild<QLineEdit*>(u"new_run.study"_s)->isEnabled());
        QTRY_VERIFY_WITH_TIMEOUT(button(window, u"new_run.start"_s)->isEnabled(), kLongMs);
        QTest::mouseClick(button(window, u"new_run.start"_s), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(state.runs().size(), size_t{2}, kLongMs);
        QTRY_VERIFY_WITH_TIMEOUT(state.runs().back().status == "finished", kLongMs);
        const auto weights = [](const store::RunRow& run) {
            QFile file(ui::toQt(std::filesystem::path(run.folder) / "model" / "model.safetensors"));
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        };
        // What the branch took over stands in its curve, too.
        QTRY_COMPARE_WITH_TIMEOUT(curve.data().series.back().points.size(), size_t{kSessions + 1},
                                  kLongMs);
        QVERIFY(!weights(source).isEmpty());
        QVERIFY(weights(source) == weights(state.runs().back()));
    }

private Q_SLOTS:
    void runsTheDemo()
    {
        QTemporaryDir folder;
        qputenv("CLWB_CACHE", folder.filePath(u"cache"_s).toUtf8());
        const std::filesystem::path root = ui::toPath(folder.path());
        QVERIFY(test::writeTinyModel(root / "model").has_value());
        ui::Settings settings;
        settings.setValue(u"runs/inviteDemo"_s, true);
        ui::AppState state({tinyEngine(root), {}, folder.path(), &settings});
        ui::MainWindow window(state, QApplication::palette(), ui::ThemeChoice::Light);
        window.findChild<ui::BannerGuard*>()->setTimes({}, {}); // clicks at once
        window.show();
        state.openProject(folder.filePath(u"demo.db"_s), store::OpenMode::CreateIfMissing);
        QTRY_VERIFY_WITH_TIMEOUT(state.hasProject(), kLongMs);

        const QPushButton* invitation = button(window, u"runs.runDemo"_s);
        QVERIFY(invitation->isVisible() && invitation->property("primary").toBool());

        // New run is filled in for the demo although its pictures are not drawn yet.
        window.showPage(u"new_run"_s);
        QCOMPARE(window.findChild<QLineEdit*>(u"new_run.study"_s)->text(),
                 ui::toQt(root / "world" / "study.json"));
        QTRY_VERIFY_WITH_TIMEOUT(button(window, u"new_run.start"_s)->isEnabled(), kLongMs);

        window.showPage(u"live"_s);
        QTest::mouseClick(button(window, u"live.runDemo"_s), Qt::LeftButton);
        window.actions().action(u"run.clearQueue"_s)->trigger(); // fine-tuning is enough here
        const auto* curve = window.findChild<ui::CurvePlot*>(u"live.ut"_s);
        QTRY_VERIFY_WITH_TIMEOUT(!curve->data().series.empty() &&
                                     curve->data().series.back().points.size() >= 2,
                                 kLongMs);
        QTest::mouseClick(button(window, u"live.stop"_s), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(state.queue().state(), ui::RunQueue::State::Idle, kLongMs);
        QTRY_VERIFY_WITH_TIMEOUT(!state.runs().empty() && state.runs().front().status == "stopped",
                                 kLongMs);
        QVERIFY(state.runs().front().lastSession < kSessions);

        QPushButton* again = button(window, u"live.continue"_s);
        QTRY_VERIFY_WITH_TIMEOUT(again->isVisible() && again->isEnabled(), kLongMs);
        QTest::mouseClick(again, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(state.runs().front().status == "finished", kLongMs);
        QCOMPARE(state.runs().size(), size_t{1});
        QCOMPARE(state.runs().front().lastSession, kSessions);
        QVERIFY(!invitation->property("primary").toBool()); // it has been run here
        QTRY_COMPARE_WITH_TIMEOUT(curve->data().series.back().points.size(), size_t{kSessions + 1},
                                  kLongMs);

        const QString csv = folder.filePath(u"curves.csv"_s);
        qint64 written = 0;
        ui::exportTable(state, {u"curves"_s, std::vector<int64_t>{state.runs().front().runId}}, csv,
                        [&written](qint64 bytes) { written = bytes; });
        QTRY_VERIFY_WITH_TIMEOUT(written > 0, kLongMs);
        QFile file(csv);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll().count('\n') > kSessions);
        branches(window, *curve);
    }
};

QTEST_MAIN(TestDemoStory)
#include "tst_demo_story.moc"
