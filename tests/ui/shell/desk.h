// SPDX-License-Identifier: GPL-3.0-or-later
// A window with the starter project, for stories about its pages.
#pragma once

#include "ui/pages/page.h"
#include "ui/shell/app_state.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/banner_guard.h"

#include <QApplication>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <utility>

namespace clwb::test
{

using namespace Qt::StringLiterals;

/// The window on a copy of the starter project.
class Desk
{
public:
    explicit Desk(ui::Settings& settings, ui::Engine engine = {})
        : state({std::move(engine), {}, folder.path(), &settings})
        , window(state, QApplication::palette(), ui::ThemeChoice::Light)
    {
        const QString file = folder.filePath(u"starter.db"_s);
        QFile::copy(QStringLiteral(CLWB_SOURCE_DIR "/experiments.db"), file);
        QFile::setPermissions(file, QFile::ReadOwner | QFile::WriteOwner);
        window.findChild<ui::BannerGuard*>()->setTimes({}, {}); // tests click at once
        window.resize(1440, 900);
        window.show();
        state.openProject(file);
    }

    template<class Widget>
    Widget* find(const QString& name)
    {
        return window.findChild<Widget*>(name);
    }

    void settle()
    {
        QTRY_VERIFY(state.hasProject());
        QTRY_VERIFY(window.page(window.currentPage())->isSettled());
    }

    /// Waits until all that was asked of the project is answered and until the widgets of a window
    /// have stayed as they are for some turns of the event loop.
    void rest(const QWidget& root)
    {
        if (ui::StoreReader* reader = state.reader()) {
            // Questions are answered in their order.
            const auto isAnswered = std::make_shared<bool>(false);
            reader->ask(
                &window, [](store::Project&) -> Result<void> { return {}; },
                [isAnswered](const Result<void>&) { *isAnswered = true; });
            QTRY_VERIFY(*isAnswered);
        }
        QList<std::pair<const QWidget*, QRect>> last;
        int turns = 0;
        QVERIFY(QTest::qWaitFor([&] {
            QList<std::pair<const QWidget*, QRect>> now;
            for (const QWidget* widget : root.findChildren<QWidget*>()) {
                if (widget->isVisible())
                    now.emplace_back(widget, widget->geometry());
            }
            turns = now == last ? turns + 1 : 0;
            last = std::move(now);
            return turns >= kTurnsAtRest;
        }));
    }

    static constexpr int kTurnsAtRest = 5;

    QTemporaryDir folder;
    ui::AppState state;
    ui::MainWindow window;
};

} // namespace clwb::test
