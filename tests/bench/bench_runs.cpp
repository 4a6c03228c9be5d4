// SPDX-License-Identifier: GPL-3.0-or-later
// The run list: each key of a filter, each column sorted, each grouping; comparing 200 runs.
#include "figures.h"
#include "ui/models/run_columns.h"
#include "ui/pages/page.h"
#include "ui/widgets/run_view.h"

#include <QAbstractItemView>
#include <QAction>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QToolButton>

#include <algorithm>

namespace clwb::bench
{

using namespace Qt::StringLiterals;

void measureRunList(Stage& stage)
{
    auto* view = stage.window.findChild<ui::RunView*>(u"runs.list"_s);
    auto* filter = stage.window.findChild<QLineEdit*>(u"runs.filter"_s);
    std::vector<double> keys;
    for (const QString& text : {u"method:lwf zs>50"_s, u"try 12"_s, u"/vr-lwf.*to/"_s}) {
        for (const QChar letter : text)
            keys.push_back(timeOf([&] { filter->insert(letter); }));
        filter->clear();
        timeOf([] {});
    }
    std::sort(keys.begin(), keys.end());
    stage.add(u"filter key, median"_s, keys[keys.size() / 2], u"ms"_s);
    stage.add(u"filter key, slowest"_s, keys.back(), u"ms"_s);

    double slowest = 0;
    for (int column = 0; column < view->header()->count(); ++column) {
        for (const Qt::SortOrder order : {Qt::AscendingOrder, Qt::DescendingOrder})
            slowest = std::max(slowest, timeOf([&] { view->sortByColumn(column, order); }));
    }
    stage.add(u"sort, slowest column"_s, slowest, u"ms"_s);
    view->sortByColumn(-1, Qt::AscendingOrder);

    auto* groups = stage.window.findChild<QToolButton*>(u"runs.group"_s);
    for (QAction* action : groups->menu()->actions()) {
        if (action->isCheckable())
            stage.add(u"group by "_s + action->text(), timeOf([&] { action->trigger(); }), u"ms"_s);
    }
    stage.add(u"select all"_s, timeOf([&] { view->selectAll(); }), u"ms"_s);
    stage.add(u"filter key with all selected"_s, timeOf([&] { filter->insert(u"t"_s); }), u"ms"_s);
    filter->clear();
}

void measureCompare(Stage& stage)
{
    std::vector<int64_t> runs;
    for (const store::RunRow& run : stage.state.runs()) {
        if (run.setting == "MST" && runs.size() < 200)
            runs.push_back(run.runId);
    }
    const double took = timeOf([&] {
        stage.state.requestPage(u"compare"_s, Json{{"runs", runs}});
        waitFor([&] { return stage.window.page(stage.window.currentPage())->isSettled(); });
    });
    stage.add(u"compare %1 runs"_s.arg(runs.size()), took, u"ms"_s);
    const auto* list = stage.window.findChild<QAbstractItemView*>(u"compare.list"_s);
    stage.add(u"compared configurations"_s, list->model()->rowCount(), QString());
}

} // namespace clwb::bench
