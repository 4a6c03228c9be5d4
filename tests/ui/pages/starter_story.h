// SPDX-License-Identifier: GPL-3.0-or-later
// A window on a copy of the starter project, driven as a person would.
#pragma once

#include "ui/models/compared_list_model.h"
#include "ui/models/run_list_model.h"
#include "ui/pages/page.h"
#include "ui/plots/curve_plot.h"
#include "ui/shell/actions.h"
#include "ui/shell/app_state.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/banner_guard.h"
#include "ui/widgets/compared_list.h"
#include "ui/widgets/run_view.h"

#include <QAction>
#include <QApplication>
#include <QMenu>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

namespace clwb::test
{

using namespace clwb::ui;
using namespace Qt::StringLiterals;

/// A copy of the starter project that several windows can open, one after the other.
struct Starter
{
    Starter()
        : project(folder.filePath(u"starter.db"_s))
    {
        QFile::copy(QStringLiteral(CLWB_STARTER), project);
        QFile::setPermissions(project, QFile::ReadOwner | QFile::WriteOwner);
    }
    QTemporaryDir folder;
    QString project;
};

/// A window on a project that stays where it is over several windows.
struct StarterStory
{
    StarterStory(Settings& settings, const QString& file, ThemeChoice theme = ThemeChoice::Light)
        : state({{}, {}, folder.path(), &settings})
        , window(state, QApplication::palette(), theme)
    {
        window.findChild<BannerGuard*>()->setTimes({}, {}); // tests click at once
        window.resize(1440, 900);
        window.show();
        state.openProject(file);
    }
    [[nodiscard]] bool isReady() const
    {
        return state.hasProject() && !state.isOpening() &&
               window.page(window.currentPage())->isSettled();
    }
    template<class T>
    T* find(const QString& name) const
    {
        return window.findChild<T*>(name);
    }
    void click(const QString& button) const
    {
        QTest::mouseClick(find<QPushButton>(button), Qt::LeftButton);
    }
    [[nodiscard]] RunView* list() const { return find<RunView>(u"runs.list"_s); }
    [[nodiscard]] RunListModel* model() const
    {
        return static_cast<RunListModel*>(list()->model());
    }
    void trigger(const QString& id) { window.actions().action(id)->trigger(); }
    void select(std::vector<int64_t> runs) { window.showPage(u"runs"_s, Json{{"runs", runs}}); }
    [[nodiscard]] QVariant ofRun(int64_t run, int role) const
    {
        return model()->indexOfRun(run).data(role);
    }
    [[nodiscard]] QColor swatch(int64_t run) const
    {
        return ofRun(run, RunListModel::ColourRole).value<QColor>();
    }
    [[nodiscard]] QModelIndex compared(int64_t run) const
    {
        const QAbstractItemModel* model = find<ComparedList>(u"compare.list"_s)->model();
        for (int row = 0; row < model->rowCount(); ++row) {
            const QModelIndex index = model->index(row, 0);
            if (index.data(ComparedListModel::IdRole).toString() == QString::number(run))
                return index;
        }
        return {};
    }
    [[nodiscard]] bool isDrawn(int64_t run) const
    {
        return compared(run).data(ComparedListModel::IsShownRole).toBool();
    }
    [[nodiscard]] const CurveSeries* live(int64_t run) const
    {
        for (const CurveSeries& series : find<CurvePlot>(u"live.zs"_s)->data().series) {
            if (series.id == QString::number(run))
                return &series;
        }
        return nullptr;
    }
    /// Picks an entry of a menu that is open now.
    static void choose(QMenu* menu, const QString& text)
    {
        QVERIFY(menu);
        for (QAction* action : menu->actions()) {
            if (action->text().startsWith(text)) {
                menu->close();
                action->trigger();
                return;
            }
        }
        QFAIL(qPrintable(text + u" is not in the menu"_s));
    }

    QTemporaryDir folder;
    AppState state;
    MainWindow window;
};

/// The same on a copy of its own.
struct OwnStarterStory : private Starter, public StarterStory
{
    explicit OwnStarterStory(Settings& settings, ThemeChoice theme = ThemeChoice::Light)
        : StarterStory(settings, project, theme)
    {}
    using StarterStory::folder;
};

} // namespace clwb::test
