// SPDX-License-Identifier: GPL-3.0-or-later
// The settings: opened by its key, applied at once, kept.
#include "ui/shell/actions.h"
#include "ui/shell/app_state.h"
#include "ui/shell/main_window.h"

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>

using namespace clwb;
using namespace Qt::StringLiterals;

class TestSettingsDialog : public QObject
{
    Q_OBJECT

    static bool isDark() { return ui::themeOf(QApplication::palette()).isDark; }

private Q_SLOTS:
    void appliesAtOnceAndKeeps()
    {
        const QFont before = QApplication::font();
        QTemporaryDir folder;
        ui::Settings settings(folder.filePath(u"window.ini"_s));
        ui::AppState state({{}, {}, folder.path(), &settings});
        ui::MainWindow window(state, QApplication::palette(), ui::ThemeChoice::Light);
        window.show();
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        const auto open = [&window]() -> QDialog* {
            QTest::keyClick(&window, Qt::Key_Comma, Qt::ControlModifier);
            return window.findChild<QDialog*>(u"dialog.settings"_s);
        };
        QDialog* dialog = open();
        QVERIFY(dialog && dialog->isVisible());
        auto* theme = dialog->findChild<QComboBox*>(u"settings.theme"_s);
        QVERIFY(!isDark());
        theme->setFocus();
        QTest::keyClick(theme, Qt::Key_End);
        QVERIFY(isDark());
        QCOMPARE(settings.value(u"window/theme"_s).toString(), u"dark"_s);
        QVERIFY(window.actions().action(u"view.dark"_s)->isChecked());

        const qreal size = QApplication::font().pointSizeF();
        auto* text = dialog->findChild<QSpinBox*>(u"settings.textSize"_s);
        text->setFocus();
        QTest::keyClick(text, Qt::Key_Up);
        QTest::keyClick(text, Qt::Key_Up);
        QCOMPARE(QApplication::font().pointSizeF(), size + 2);
        QTest::keyClick(text, Qt::Key_Down);
        QCOMPARE(QApplication::font().pointSizeF(), size + 1);

        QSignalSpy reset(&state, &ui::AppState::layoutReset);
        QTest::mouseClick(dialog->findChild<QPushButton*>(u"settings.resetLayout"_s),
                          Qt::LeftButton);
        QCOMPARE(reset.size(), 1);
        QString told;
        for (const QLabel* label : dialog->findChildren<QLabel*>())
            told += label->text() + u'\n';
        QVERIFY2(told.contains(settings.file()) && told.contains(folder.path()), qPrintable(told));
        QTest::mouseClick(dialog->findChild<QPushButton*>(u"settings.close"_s), Qt::LeftButton);
        QTRY_VERIFY(!window.findChild<QDialog*>(u"dialog.settings"_s));

        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        dialog = open(); // what holds is shown
        QVERIFY(dialog);
        QCOMPARE(dialog->findChild<QComboBox*>(u"settings.theme"_s)->currentData(), u"dark"_s);
        QCOMPARE(dialog->findChild<QSpinBox*>(u"settings.textSize"_s)->value(), 1);
        dialog->reject();
        QApplication::setFont(before);
    }
};

QTEST_MAIN(TestSettingsDialog)
#include "tst_settings_dialog.moc"
