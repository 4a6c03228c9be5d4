// SPDX-License-Identifier: GPL-3.0-or-later
// clwb-gui: options before the display, then engine, state and window are put together.
#include "app/common/build_info.h"
#include "app/common/environment.h"
#include "app/common/shipped_files.h"
#include "app/gui/free_queries.h"
#include "app/gui/options.h"
#include "app/gui/places.h"
#include "app/gui/stop_signals.h"
#include "core/run/runner.h"
#ifdef CLWB_WITH_DEMO
#include "core/demo/demo_world.h"
#endif
#include "ui/bridge/qt_text.h"
#include "ui/bridge/thread_owner.h"
#include "ui/shell/app_state.h"
#include "ui/shell/icons.h"
#include "ui/shell/main_window.h"
#include "ui/shell/screenshots.h"

#include <QApplication>
#include <QFontDatabase>
#include <QIcon>
#include <QProcess>
#include <QSessionManager>
#include <QTemporaryDir>

#include <cstdio>
#include <filesystem>

namespace
{

using namespace clwb;
using namespace Qt::StringLiterals;

/// The shipped model, and the demo world in the user's folder: made when it is first needed.
void addDemo([[maybe_unused]] ui::Engine& engine)
{
#ifdef CLWB_WITH_DEMO
    const std::filesystem::path model = app::shippedFile("resources/mini-clip");
    if (model.empty())
        return;
    const std::filesystem::path world = ui::toPath(gui::dataFolder()) / "demo" / "world";
    engine.demo = ui::DemoFiles{world / "study.json", model};
    engine.prepareDemo = [world](const StopToken& stop) -> Result<void> {
        if (!demo::hasDemoWorld(world))
            CLWB_TRY(demo::makeDemoWorld(world, stop));
        return {};
    };
#endif
}

/// clwb lies beside this program.
QString commandLineProgram()
{
    return QCoreApplication::applicationDirPath() + u"/clwb"_s;
}

/// `clwb resume`, in a session of its own: closing the terminal does not end it.
Result<void> continueDetached(const std::filesystem::path& project, int64_t runId)
{
    QProcess process;
    process.setProgram(commandLineProgram());
    process.setArguments({u"resume"_s, QString::number(runId), u"--db"_s, ui::toQt(project),
                          u"--progress"_s, u"none"_s});
    for (const auto set : {&QProcess::setStandardOutputFile, &QProcess::setStandardErrorFile})
        (process.*set)(QProcess::nullDevice(), QIODevice::Truncate);
    if (!process.startDetached())
        return fail(ErrorCode::RunFailed,
                    "could not start " + ui::fromQt(process.program()) + ": " +
                        ui::fromQt(process.errorString()),
                    "Continue the run here, or with “clwb resume”.");
    return {};
}

ui::Engine makeEngine()
{
    ui::Engine engine{run::executeRun, run::estimateRun, run::findResumePoint, {}, {}, {}};
    engine.continueDetached = continueDetached;
    engine.retrieve = gui::freeQueries();
    engine.commandLine = ui::toPath(commandLineProgram());
    engine.environment = app::environmentJson("clwb-gui", app::ownCommandLine());
    engine.patch = app::buildInfo().patch;
    engine.environment["qt"] = qVersion();
    addDemo(engine);
    return engine;
}

bool hasDisplay()
{
    const QByteArray platform = qgetenv("QT_QPA_PLATFORM");
    return !platform.isEmpty() || !qgetenv("DISPLAY").isEmpty() ||
           !qgetenv("WAYLAND_DISPLAY").isEmpty();
}

/// A readable font where no desktop names one.
void chooseFont()
{
    QFont font = QApplication::font();
    const bool isOffscreen = QGuiApplication::platformName() == "offscreen"_L1;
    if (isOffscreen && QFontDatabase::hasFamily(u"Noto Sans"_s))
        font.setFamily(u"Noto Sans"_s);
    if (isOffscreen || font.pointSizeF() < 9)
        font.setPointSizeF(9.75);
    QApplication::setFont(font);
}

void openStarter(ui::AppState& state)
{
    const Result<QString> starter = gui::starterProject();
    if (starter)
        state.openProject(*starter, store::OpenMode::CreateIfMissing);
    else
        state.reportProblem(QApplication::translate("main", "The starter project was not copied"),
                            ui::errorText(starter.error()) + u'\n' +
                                QApplication::translate(
                                    "main", "Open or make a project in a folder that you may write "
                                            "to, or set XDG_DATA_HOME to one."));
}

void openFirstProject(ui::AppState& state, ui::Settings& settings, const gui::Options& options)
{
    if (gui::isShippedStarter(options.project)) {
        std::fprintf(stderr,
                     "clwb-gui: %s comes with the program and stays as it is; your copy in "
                     "%s is opened.\n",
                     options.project.c_str(), ui::fromQt(gui::dataFolder()).c_str());
        openStarter(state);
        return;
    }
    if (!options.project.empty()) {
        state.openProject(ui::toQt(std::filesystem::absolute(options.project)));
        return;
    }
    const QString last = settings.value(u"projects/last"_s).toString();
    std::error_code error;
    if (!last.isEmpty() && std::filesystem::exists(ui::toPath(last), error)) {
        state.openProject(last);
        return;
    }
    settings.setValue(u"runs/inviteDemo"_s, true);
    openStarter(state);
}

int failed(const Error& error)
{
    std::fprintf(stderr, "clwb-gui: %s\n", toText(error).c_str());
    return static_cast<int>(error.code);
}

/// Pictures show a copy, so that the project is only read.
int screenshots(ui::MainWindow& window, const gui::Options& options)
{
    const QTemporaryDir folder;
    std::filesystem::path project = options.project;
    if (project.empty())
        project = app::shippedFile("experiments.db");
    if (!project.empty()) {
        const Result<std::filesystem::path> copy =
            gui::copyForPictures(project, ui::toPath(folder.path()));
        if (!copy)
            return failed(copy.error());
        window.state().openProject(ui::toQt(*copy));
    }
    const Result<int> pictures =
        ui::takeScreenshots(window, {options.width, options.height},
                            ui::toQt(std::filesystem::absolute(options.screenshots)));
    if (!pictures)
        return failed(pictures.error());
    std::printf("%d pictures in %s\n", *pictures, options.screenshots.c_str());
    return 0;
}

std::string versionText()
{
    const app::BuildInfo build = app::buildInfo();
    return "clwb-gui " + std::string(build.version) + "\ncommit " + std::string(build.commit) +
           "\n" + std::string(build.compiler) + ", LibTorch " + std::string(build.libtorch) +
           ", Qt " QT_VERSION_STR "\n";
}

int runWindow(QApplication& application, const gui::Options& options)
{
    const QPalette platformPalette = QApplication::palette();
    chooseFont();
    QApplication::setWindowIcon(QIcon(ui::lineIcon(u"clwb"_s, Qt::black, 64, 2)));
    const bool keepsNothing = options.isSafeMode || !options.screenshots.empty();
    ui::Settings settings = keepsNothing ? ui::Settings() : ui::Settings(gui::settingsFile());
    ui::AppState state({makeEngine(), {}, gui::dataFolder(), &settings});
    const QString remembered = settings.value(u"window/theme"_s, u"system"_s).toString();
    const QString theme = options.theme.empty() ? remembered : ui::toQt(options.theme);
    ui::MainWindow window(state, platformPalette,
                          ui::themeFromText(theme, ui::ThemeChoice::System));
    const auto useStudy = [&] {
        if (!options.study.empty())
            state.requestPage(u"new_run"_s,
                              Json{{"study", std::filesystem::absolute(options.study).string()}});
    };
    if (!options.screenshots.empty()) {
        useStudy();
        return screenshots(window, options);
    }
    openFirstProject(state, settings, options);
    gui::onStopSignals(&window, [&window] { window.closeAfterRun(); });
    QObject::connect(&application, &QGuiApplication::commitDataRequest, &window,
                     [&window](QSessionManager&) { window.closeAfterRun(); });
    window.show();
    useStudy();
    const int status = application.exec();
    ui::ThreadOwner::askAllToEnd(); // or closing would wait for one after the other
    return status;
}

} // namespace

int main(int argc, char** argv)
{
    const gui::Parsed parsed =
        gui::parseOptions(std::vector<std::string>(argv + 1, argv + argc), versionText());
    if (!parsed.options) {
        std::fputs(parsed.text.c_str(), parsed.status == 0 ? stdout : stderr);
        return parsed.status;
    }
    if (!hasDisplay()) {
        if (parsed.options->screenshots.empty()) {
            std::fputs("clwb-gui: no display was found. The command clwb does the same without "
                       "one: clwb --help.\n",
                       stderr);
            return 2;
        }
        qputenv("QT_QPA_PLATFORM", "offscreen"); // pictures need no display
    }
    if (parsed.options->scale > 0)
        qputenv("QT_SCALE_FACTOR", QByteArray::number(parsed.options->scale));
    QApplication application(argc, argv);
    QCoreApplication::setApplicationName(u"clwb"_s);
    QCoreApplication::setApplicationVersion(ui::toQt(app::buildInfo().version));
    QGuiApplication::setDesktopFileName(u"io.github.clwb.clwb"_s);
    return runWindow(application, *parsed.options);
}
