// SPDX-License-Identifier: GPL-3.0-or-later
// bench_window PROJECT.db [--json]: how long the window takes over a project, as lines
// "name, value, unit" or as JSON. The project is only read.
#include "figures.h"
#include "ui/pages/page.h"

#include <QApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cstdio>

namespace clwb::bench
{

using namespace Qt::StringLiterals;

double waitFor(const std::function<bool()>& isDone)
{
    QElapsedTimer timer;
    timer.start();
    while (!isDone())
        QApplication::processEvents(QEventLoop::WaitForMoreEvents, 20);
    QApplication::sendPostedEvents();
    QApplication::processEvents();
    return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

double timeOf(const std::function<void()>& act)
{
    QElapsedTimer timer;
    timer.start();
    act();
    QApplication::sendPostedEvents();
    QApplication::processEvents();
    return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

namespace
{

std::vector<Figure> measure(const QString& project)
{
    std::vector<Figure> figures;
    ui::Settings settings;
    ui::AppState state({{}, {}, {}, &settings});
    ui::MainWindow window(state, QApplication::palette(), ui::ThemeChoice::Light);
    window.resize(1440, 900);
    window.show();
    waitFor([] { return true; });
    Stage stage{state, window, figures};
    state.openProject(project, store::OpenMode::ReadOnly);
    stage.add(u"open to a usable list"_s, waitFor([&] { return state.hasProject(); }), u"ms"_s);
    stage.add(u"runs"_s, static_cast<double>(state.runs().size()), QString());
    waitFor([&] { return window.page(window.currentPage())->isSettled(); });
    for (const auto scene : {measureRunList, measureCompare, measureConfusion, measureRetrieval})
        scene(stage);
    return figures;
}

void print(const std::vector<Figure>& figures, bool asJson)
{
    QJsonArray all;
    for (const Figure& figure : figures) {
        if (asJson)
            all.append(QJsonObject{
                {u"name"_s, figure.name}, {u"value"_s, figure.value}, {u"unit"_s, figure.unit}});
        else
            std::printf("%s, %.1f, %s\n", qUtf8Printable(figure.name), figure.value,
                        qUtf8Printable(figure.unit));
    }
    if (asJson)
        std::printf("%s\n", QJsonDocument(all).toJson().constData());
}

} // namespace
} // namespace clwb::bench

int main(int argc, char** argv)
{
    const QApplication application(argc, argv);
    const QStringList arguments = QApplication::arguments().mid(1);
    const bool asJson = arguments.contains(QStringLiteral("--json"));
    const QString project = arguments.value(arguments.value(0) == QLatin1String("--json") ? 1 : 0);
    if (project.isEmpty()) {
        std::fputs("bench_window PROJECT.db [--json]\n", stderr);
        return 2;
    }
    clwb::bench::print(clwb::bench::measure(project), asJson);
    return 0;
}
