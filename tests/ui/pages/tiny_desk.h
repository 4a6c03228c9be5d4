// SPDX-License-Identifier: GPL-3.0-or-later
// A window with the real engine on a tiny study and model, for stories that train.
#pragma once

#include "core/run/runner.h"
#include "tests/app/tiny_model.h"
#include "tests/support/require.h"
#include "tests/support/tiny_study.h"
#include "ui/bridge/qt_text.h"
#include "ui/shell/app_state.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/banner_guard.h"

#include <QApplication>
#include <QLineEdit>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace clwb::test
{

/// What such a test class has besides QObject; everything lies in one folder.
class TinyDesk
{
protected:
    [[nodiscard]] QString at(const QString& name) const { return m_folder.filePath(name); }

    template<class Widget>
    Widget* find(const QString& name)
    {
        return m_window->findChild<Widget*>(name);
    }

    void type(const QString& name, const QString& text)
    {
        auto* edit = find<QLineEdit>(name);
        QVERIFY2(edit && edit->isEnabled(), qPrintable(name));
        edit->setFocus();
        edit->selectAll();
        QTest::keyClicks(edit, text);
    }

    /// study/study.json and model/
    void makeData() const
    {
        qputenv("CLWB_CACHE", at(QStringLiteral("cache")).toUtf8());
        const std::filesystem::path root = ui::toPath(m_folder.path());
        require(writeTinyStudy(root / "study", {}).has_value());
        require(writeTinyModel(root / "model").has_value());
    }

    static ui::Engine realEngine()
    {
        return {run::executeRun, run::estimateRun, run::findResumePoint, {}, {}, {}};
    }

    /// Without a project; what the window tells is collected.
    void showWindow(const ui::Engine& engine, const QSize& size)
    {
        m_settings = std::make_unique<ui::Settings>();
        m_state = std::make_unique<ui::AppState>(
            ui::AppState::Parts{engine, {}, m_folder.path(), m_settings.get(), m_silenceMs});
        m_window = std::make_unique<ui::MainWindow>(*m_state, QApplication::palette(),
                                                    ui::ThemeChoice::Light);
        const auto into = [](QStringList& list) {
            return [&list](const QString& text, const QString& details) {
                list << text + QStringLiteral(": ") + details;
            };
        };
        QObject::connect(m_state.get(), &ui::AppState::problem, m_state.get(), into(m_problems));
        QObject::connect(m_state.get(), &ui::AppState::done, m_state.get(), into(m_done));
        m_window->findChild<ui::BannerGuard*>()->setTimes({}, {}); // tests click at once
        m_window->resize(size);
        m_window->show();
    }

    QTemporaryDir m_folder;
    int m_silenceMs = 60'000; ///< see AppState::Parts
    QStringList m_problems;
    QStringList m_done;
    std::unique_ptr<ui::Settings> m_settings;
    std::unique_ptr<ui::AppState> m_state;
    std::unique_ptr<ui::MainWindow> m_window;
};

} // namespace clwb::test
