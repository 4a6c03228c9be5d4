// SPDX-License-Identifier: GPL-3.0-or-later
// The Images page over tiny trained runs, and what their project file holds.
#pragma once

#include "core/spec/run_spec.h"
#include "core/store/details.h"
#include "core/store/sqlite.h"
#include "tests/ui/pages/tiny_desk.h"
#include "ui/models/image_link.h"
#include "ui/models/picture_list_model.h"
#include "ui/pages/page.h"
#include "ui/plots/confusion_view.h"
#include "ui/shell/actions.h"
#include "ui/shell/orders.h"
#include "ui/widgets/class_strip.h"
#include "ui/widgets/picture_panel.h"
#include "ui/widgets/session_strip.h"
#include "ui/widgets/thumb_grid.h"

#include <QAction>
#include <QComboBox>
#include <QDesktopServices>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QTest>
#include <QTreeView>

namespace clwb::test
{

using namespace Qt::StringLiterals;

inline constexpr int kTrainMs = 90000;

class ImagesDesk : protected TinyDesk
{
protected:
    /// The window with an empty project.
    void begin()
    {
        makeData();
        showWindow(realEngine(), {1440, 900});
        m_state->openProject(project(), store::OpenMode::CreateIfMissing);
        QTRY_VERIFY(m_state->hasProject());
    }
    [[nodiscard]] QString project() const { return at(u"images.db"_s); }
    [[nodiscard]] ui::RunOrder order(const QString& seed, const QString& details,
                                     int epochs = 8) const
    {
        const auto resolved = spec::resolveRunSpec(
            Json::object(), {},
            {"study=" + ui::fromQt(at(u"study/study.json"_s)),
             "model=" + ui::fromQt(at(u"model"_s)), "method=ft", "option=WM", "setting=MST",
             "schedule.epochs=" + std::to_string(epochs), "schedule.batch_size=4",
             "schedule.lr=2e-3", "threads=1", "seed=" + ui::fromQt(seed),
             "evaluate.details=" + ui::fromQt(details)});
        require(resolved);
        return ui::newOrder(m_state->engine(), resolved->spec);
    }
    void train(const QString& seed, const QString& details)
    {
        const size_t before = m_state->runs().size();
        m_state->enqueue({order(seed, details)}, ui::AppState::Place::Last);
        QTRY_VERIFY_WITH_TIMEOUT(m_state->runs().size() == before + 1 &&
                                     m_state->runs().back().status == "finished" &&
                                     m_state->queue().state() == ui::RunQueue::State::Idle,
                                 kTrainMs);
    }
    void settle(const QString& page = u"images"_s)
    {
        QTRY_COMPARE(m_window->currentPage(), page);
        QTest::qWait(20);
        QTRY_VERIFY(m_window->page(page)->isSettled());
    }
    void click(const QString& name)
    {
        auto* button = find<QPushButton>(name);
        QVERIFY2(button && button->isVisible(), qPrintable(name));
        QTest::mouseClick(button, Qt::LeftButton);
    }
    store::Project open() const
    {
        auto opened = store::Project::open(ui::toPath(project()), store::OpenMode::ReadOnly);
        require(opened);
        return std::move(*opened);
    }
    static store::Predictions stored(const store::Project& project, int session, const char* part)
    {
        auto read = store::predictions(project, 1, session, part);
        require(read);
        return std::move(*read);
    }
    static store::PredictionItems items(const store::Project& project, int64_t list)
    {
        auto read = store::predictionItems(project, list);
        require(read);
        return std::move(*read);
    }
    [[nodiscard]] int listed()
    {
        return find<ui::ThumbGrid>(u"images.grid"_s)->model()->rowCount();
    }
    QString outcomeLabel(const QString& id)
    {
        return find<QPushButton>(u"images.outcomes."_s + id)->text();
    }
    void clickClass(int row)
    {
        auto* list = find<QTreeView>(u"images.classes"_s);
        const QModelIndex index = list->model()->index(row, 0);
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(index).center());
    }
    QString stateName()
    {
        const QWidget* shown =
            m_window->page(u"images"_s)->findChild<QStackedWidget*>()->currentWidget();
        return shown ? shown->objectName() : QString();
    }
};

} // namespace clwb::test
