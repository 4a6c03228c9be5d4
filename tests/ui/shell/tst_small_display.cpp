// SPDX-License-Identifier: GPL-3.0-or-later
// The window fits on a display of 800×600, whatever page it shows.
#include "ui/shell/app_state.h"
#include "ui/shell/main_window.h"

#include <QApplication>
#include <QTemporaryDir>
#include <QTest>

using namespace clwb::ui;
using namespace Qt::StringLiterals;

class TestSmallDisplay : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyPageFits()
    {
        const QTemporaryDir folder;
        Settings settings;
        AppState state({Engine{}, {}, folder.path(), &settings});
        MainWindow window(state, QApplication::palette(), ThemeChoice::Light);
        window.show();
        for (const QString& id : window.pageIds()) {
            window.showPage(id);
            window.resize(800, 600);
            QCoreApplication::processEvents();
            QVERIFY2(window.size() == QSize(800, 600), qPrintable(id));
            // Height is what displays lack: a page needs no more of it than there is.
            const QSize page = window.page(id)->minimumSizeHint();
            QVERIFY2(
                page.height() <= 540 && page.width() <= 900,
                qPrintable(u"%1 needs %2 × %3"_s.arg(id).arg(page.width()).arg(page.height())));
        }
    }
};

QTEST_MAIN(TestSmallDisplay)
#include "tst_small_display.moc"
