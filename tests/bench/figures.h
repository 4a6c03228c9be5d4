// SPDX-License-Identifier: GPL-3.0-or-later
// Measured figures of the window, and the scenes that measure them: one bench_<theme>.cpp a theme.
#pragma once

#include "ui/shell/app_state.h"
#include "ui/shell/main_window.h"

#include <QElapsedTimer>
#include <QString>

#include <functional>
#include <vector>

namespace clwb::bench
{

struct Figure
{
    QString name;
    double value = 0;
    QString unit;
};

/// What a scene measures on: the window with the project open and settled.
struct Stage
{
    ui::AppState& state;
    ui::MainWindow& window;
    std::vector<Figure>& figures;

    void add(const QString& name, double value, const QString& unit)
    {
        figures.push_back({name, value, unit});
    }
};

/// Handles events until `isDone`; milliseconds that took, painting included.
double waitFor(const std::function<bool()>& isDone);
/// Milliseconds of `act` with the layout and painting it causes.
double timeOf(const std::function<void()>& act);

/// Each adds its figures; in the order of main().
void measureRunList(Stage& stage);
void measureCompare(Stage& stage);
void measureConfusion(Stage& stage);
void measureRetrieval(Stage& stage);

} // namespace clwb::bench
