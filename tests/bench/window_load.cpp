// SPDX-License-Identifier: GPL-3.0-or-later
// How the window feels while it trains at full load: start, stalls of the event loop, live latency,
// the training speed it costs, and large plots. Prints "name value unit" lines.
//
//   window_load PROJECT.db [WORLD_FOLDER MODEL_FOLDER [--day]]
//
// PROJECT.db is copied; WORLD_FOLDER is a demo world (made when it is missing), without which
// nothing is trained. --day: only the memory that a day of watching takes.
#include "core/demo/demo_world.h"
#include "core/run/runner.h"
#include "tests/bench/plots.h"
#include "ui/bridge/qt_text.h"
#include "ui/plots/curve_plot.h"
#include "ui/plots/qcp.h"
#include "ui/shell/app_state.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/run_view.h"

#include <QApplication>
#include <QEventLoop>
#include <QLineEdit>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <mutex>
#include <optional>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

using namespace clwb;
using namespace Qt::StringLiterals;

namespace
{

using bench::Clock;
using bench::secondsSince;
using bench::tell;

double threadSeconds()
{
    rusage usage{};
    ::getrusage(RUSAGE_THREAD, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double quantile(std::vector<double> values, double share)
{
    if (values.empty())
        return NAN;
    std::sort(values.begin(), values.end());
    return values[static_cast<size_t>(std::floor(share * static_cast<double>(values.size() - 1)))];
}

/// Calls back every millisecond; what comes later than that was a stall.
class StallMeter : public QObject
{
public:
    StallMeter()
    {
        startTimer(1, Qt::PreciseTimer);
        m_last = Clock::now();
    }
    std::vector<double> take() { return std::exchange(m_gaps, {}); }

protected:
    void timerEvent(QTimerEvent* /*event*/) override
    {
        m_gaps.push_back(secondsSince(m_last) * 1e3);
        m_last = Clock::now();
    }

private:
    Clock::time_point m_last;
    std::vector<double> m_gaps;
};

/// When the engine told its steps and evaluations; written on the training thread.
struct EventTimes
{
    std::mutex mutex;
    std::vector<Clock::time_point> steps;
    Clock::time_point lastEvaluation;
    int evaluations = 0;

    void note(const run::Event& event)
    {
        const std::lock_guard lock(mutex);
        if (std::holds_alternative<run::StepDone>(event))
            steps.push_back(Clock::now());
        if (std::holds_alternative<run::Evaluated>(event)) {
            lastEvaluation = Clock::now();
            ++evaluations;
        }
    }
};

Result<spec::RunSpec> specOf(const std::filesystem::path& world, const std::filesystem::path& model,
                             int epochs)
{
    CLWB_ASSIGN(
        spec::ResolveResult resolved,
        spec::resolveRunSpec(Json::object(), {},
                             {"study=" + Json((world / "study.json").string()).dump(),
                              "model=" + Json(model.string()).dump(), "method=ft", "option=WM",
                              "setting=MST", "schedule.epochs=" + std::to_string(epochs)},
                             "demo"));
    return std::move(resolved.spec);
}

/// Median seconds between steps that follow each other at once (within an epoch).
double stepSeconds(const std::vector<Clock::time_point>& steps)
{
    std::vector<double> gaps;
    for (size_t at = 1; at < steps.size(); ++at)
        gaps.push_back(std::chrono::duration<double>(steps[at] - steps[at - 1]).count());
    return quantile(gaps, 0.5);
}

/// The same training without any window.
double bareStepSeconds(const spec::RunSpec& spec, const std::filesystem::path& folder)
{
    EventTimes times;
    run::RunRequest request;
    request.spec = spec;
    request.folder = folder;
    const auto summary =
        run::executeRun(request, [&times](const run::Event& event) { times.note(event); });
    if (!summary)
        std::fprintf(stderr, "%s\n", toText(summary.error()).c_str());
    return stepSeconds(times.steps);
}

struct Busy
{
    double stepSeconds = 0;
    std::vector<double> stalls;
    std::vector<double> latencies; ///< of evaluations, ms
    double guiShare = 0;           ///< of a core, by the window's thread
};

/// What goes on beside the training. The meter wakes the window a thousand times a second, which
/// itself takes time from the training: what the window costs is measured without it.
enum class Watch { Nothing, Stalls, StallsOfARestlessUser };

/// What a restless user does: pages, filter, selection.
void bother(ui::MainWindow& window, int turn)
{
    const QStringList pages = window.pageIds();
    window.showPage(pages[turn % pages.size()]);
    if (auto* filter = window.findChild<QLineEdit*>(u"runs.filter"_s)) {
        const QString texts[] = {u"m"_s, u"method:ft"_s, u"method:ft zs>20"_s, {}};
        filter->setText(texts[turn % 4]);
    }
}

Busy trainInWindow(const ui::Engine& engine, const spec::RunSpec& spec, const QString& project,
                   const QString& dataFolder, Watch watch)
{
    EventTimes times;
    ui::Engine measured = engine;
    measured.execute = [&times, execute = engine.execute](const run::RunRequest& request,
                                                          const run::EventSink& sink) {
        return execute(request, [&](const run::Event& event) {
            times.note(event);
            sink(event);
        });
    };
    ui::Settings settings;
    ui::AppState state({measured, {}, dataFolder, &settings});
    ui::MainWindow window(state, QApplication::palette(), ui::ThemeChoice::Light);
    window.resize(1440, 900);
    window.show();
    state.openProject(project);
    while (!state.hasProject())
        QApplication::processEvents(QEventLoop::AllEvents, 10);
    window.showPage(u"live"_s);
    Busy result;
    const auto* curve = window.findChild<ui::CurvePlot*>(u"live.ut"_s);
    size_t shown = 0;
    QObject::connect(curve->plot(), &QCustomPlot::afterReplot, curve, [&] {
        const size_t points =
            curve->data().series.empty() ? 0 : curve->data().series.back().points.size();
        const std::lock_guard lock(times.mutex);
        if (points > shown && static_cast<int>(points) == times.evaluations)
            result.latencies.push_back(secondsSince(times.lastEvaluation) * 1e3);
        shown = points;
    });
    state.enqueue({ui::RunOrder{u"bench"_s,
                                [spec](const StopToken&) -> Result<spec::RunSpec> { return spec; },
                                {},
                                {}}},
                  ui::AppState::Place::Last);
    std::optional<StallMeter> meter;
    if (watch != Watch::Nothing)
        meter.emplace();
    const double cpuBefore = threadSeconds();
    const Clock::time_point begin = Clock::now();
    // A real loop: processEvents() with a time limit never sleeps.
    QEventLoop loop;
    QObject::connect(&state.queue(), &ui::RunQueue::changed, &loop, [&] {
        if (state.queue().state() == ui::RunQueue::State::Idle)
            loop.quit();
    });
    QTimer turns;
    int turn = 0;
    QObject::connect(&turns, &QTimer::timeout, &loop, [&] { bother(window, turn++); });
    if (watch == Watch::StallsOfARestlessUser)
        turns.start(500);
    loop.exec();
    result.guiShare = (threadSeconds() - cpuBefore) / secondsSince(begin);
    if (meter)
        result.stalls = meter->take();
    result.stepSeconds = stepSeconds(times.steps);
    return result;
}

void tellStalls(const char* what, const std::vector<double>& gaps)
{
    const auto name = [&](const char* part) { return std::string(what) + ", " + part; };
    tell(name("longest").c_str(), quantile(gaps, 1), "ms");
    tell(name("99.9 % below").c_str(), quantile(gaps, 0.999), "ms");
    tell(name("over 50 ms").c_str(),
         static_cast<double>(
             std::count_if(gaps.begin(), gaps.end(), [](double gap) { return gap > 50; })),
         "times");
}

/// In a process of its own: from its start to the first picture of the list.
int showFirstPicture(const QString& project, qint64 startedNs)
{
    ui::Settings settings;
    ui::AppState state({ui::Engine{}, {}, QFileInfo(project).path(), &settings});
    ui::MainWindow window(state, QApplication::palette(), ui::ThemeChoice::Light);
    window.resize(1440, 900);
    state.openProject(project);
    window.show();
    const auto* view = window.findChild<ui::RunView*>();
    while (!view->model() || view->model()->rowCount() == 0 || !window.page(u"runs"_s)->isSettled())
        QApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 10);
    window.repaint();
    QApplication::processEvents();
    const qint64 nowNs = Clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
    std::printf("%.1f\n", static_cast<double>(nowNs - startedNs) / 1e6);
    return 0;
}

void benchStart(const QString& project)
{
    std::vector<double> times;
    for (int turn = 0; turn < 6; ++turn) {
        QProcess process;
        const qint64 startNs = Clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
        process.start(QCoreApplication::applicationFilePath(),
                      {u"--first-picture"_s, project, QString::number(startNs)});
        process.waitForFinished(60000);
        if (turn > 0) // the first one warms the disk cache
            times.push_back(process.readAllStandardOutput().trimmed().toDouble());
    }
    tell("start to first picture, warm, median", quantile(times, 0.5), "ms");
}

int benchTraining(const QString& project, const std::filesystem::path& world,
                  const std::filesystem::path& model)
{
    if (!demo::hasDemoWorld(world) && !demo::makeDemoWorld(world, {}))
        return 1;
    const auto spec = specOf(world, model, 2);
    if (!spec) {
        std::fprintf(stderr, "%s\n", toText(spec.error()).c_str());
        return 1;
    }
    const ui::Engine engine{run::executeRun, run::estimateRun, run::findResumePoint, {}, {}, {}};
    const auto inWindow = [&](Watch watch) {
        return trainInWindow(engine, *spec, project, QFileInfo(project).path(), watch);
    };
    std::vector<double> ratios;
    std::vector<double> guiShares;
    constexpr int kTurns = 5;
    for (int turn = 0; turn < kTurns; ++turn) {
        // Whatever else the machine does changes slowly: each pair stands for itself.
        const double bare = bareStepSeconds(*spec, ui::toPath(project + u"-bare%1"_s.arg(turn)));
        const Busy busy = inWindow(Watch::Nothing);
        ratios.push_back(busy.stepSeconds / bare);
        guiShares.push_back(100 * busy.guiShare);
    }
    tell("step with window / without, least", quantile(ratios, 0), "");
    tell("step with window / without, median of 5", quantile(ratios, 0.5), "");
    tell("step with window / without, greatest", quantile(ratios, 1), "");
    tell("window's thread, median of 5", quantile(guiShares, 0.5), "% of a core");
    const Busy calm = inWindow(Watch::Stalls);
    tell("engine's evaluation to its picture, median", quantile(calm.latencies, 0.5), "ms");
    tell("engine's evaluation to its picture, longest", quantile(calm.latencies, 1), "ms");
    tellStalls("event loop while training", calm.stalls);
    tellStalls("event loop, pages and filters in use",
               inWindow(Watch::StallsOfARestlessUser).stalls);
    return 0;
}

double residentMiB()
{
    std::ifstream file("/proc/self/statm");
    double whole = 0;
    double resident = 0;
    file >> whole >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1 << 20);
}

/// Before the first event of tellDay().
double memoryAtStart = 0; // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

/// An engine that tells what a day of training tells, 10 steps a second, in some four minutes.
Result<run::RunSummary> tellDay(const run::RunRequest& request, const run::EventSink& sink)
{
    constexpr int kHours = 24;
    constexpr int64_t kSteps = int64_t{kHours} * 3600 * 10;
    memoryAtStart = residentMiB();
    run::RunStarted started;
    started.resolvedSpec = spec::toJson(request.spec);
    started.sessions = 8;
    started.totalSteps = kSteps;
    sink(started);
    for (int64_t step = 1; step <= kSteps; ++step) {
        const int session = static_cast<int>((step - 1) * 8 / kSteps) + 1;
        if ((step - 1) % (kSteps / 8) == 0)
            sink(run::SessionStarted{session, {session - 1}, 100});
        run::StepDone done;
        done.session = session;
        done.epoch = static_cast<int>((step - 1) * 80 / kSteps) % 10 + 1;
        done.step = step;
        done.lr = 1e-6;
        const double loss = 1 + std::sin(static_cast<double>(step));
        done.losses = {{"CE", loss}, {"VR", loss / 2}, {"total", 1.5 * loss}};
        done.time = {1'700'000'000'000, step * 100};
        sink(done);
        if (step % 400 == 0) // so that nothing piles up on the way
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        if (step % 10 == 0)
            sink(run::Progress{run::Progress::Phase::Training, session, 8, done.epoch, 10, step,
                               kSteps, step, kSteps, 10, 1.0,
                               static_cast<double>(step) / static_cast<double>(kSteps)});
    }
    sink(run::Finished{"finished", {}, kSteps});
    return run::RunSummary{"finished", kSteps, {}, {}};
}

/// What a day of watching adds to the memory of the window.
int benchDay(const QString& project, const spec::RunSpec& spec)
{
    const ui::Engine engine{tellDay, {}, run::findResumePoint, {}, {}, {}};
    const Clock::time_point begin = Clock::now();
    const Busy busy =
        trainInWindow(engine, spec, project, QFileInfo(project).path(), Watch::Stalls);
    tell("a day of steps, told within", secondsSince(begin), "s");
    tell("memory before", memoryAtStart, "MiB");
    tell("memory after the day", residentMiB(), "MiB");
    tellStalls("event loop, a day in a hurry", busy.stalls);
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    const QStringList arguments = QApplication::arguments();
    if (arguments.value(1) == "--first-picture"_L1)
        return showFirstPicture(arguments.value(2), arguments.value(3).toLongLong());
    const bool isDay = arguments.size() == 5 && arguments[4] == "--day"_L1;
    if (arguments.size() != 2 && arguments.size() != 4 && !isDay) {
        std::fputs("usage: window_load PROJECT.db [WORLD_FOLDER MODEL_FOLDER [--day]]\n", stderr);
        return 2;
    }
    const QTemporaryDir folder;
    const QString project = folder.filePath(u"project.db"_s);
    QFile::copy(arguments[1], project);
    QFile(project).setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    if (isDay) {
        const auto spec = specOf(ui::toPath(arguments[2]), ui::toPath(arguments[3]), 2);
        return spec ? benchDay(project, *spec) : 1;
    }
    benchStart(project);
    bench::measurePlots();
    return arguments.size() == 4
               ? benchTraining(project, ui::toPath(arguments[2]), ui::toPath(arguments[3]))
               : 0;
}
