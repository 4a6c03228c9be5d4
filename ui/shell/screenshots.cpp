// SPDX-License-Identifier: GPL-3.0-or-later
// Walks through the tables of pages and dialogs.
#include "ui/shell/screenshots.h"

#include "core/base/file.h"
#include "ui/bridge/qt_text.h"
#include "ui/dialogs/dialog.h"
#include "ui/pages/page.h"
#include "ui/shell/app_state.h"
#include "ui/shell/main_window.h"

#include <QApplication>
#include <QBuffer>
#include <QElapsedTimer>
#include <QPixmap>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int kLongestWaitMs = 20000;
constexpr int kSettleMs = 350; ///< after the last change, for queued redraws

template<class Condition>
void waitUntil(Condition condition, int longestMs)
{
    QElapsedTimer clock;
    clock.start();
    while (!condition() && clock.elapsed() < longestMs)
        QApplication::processEvents(QEventLoop::WaitForMoreEvents | QEventLoop::AllEvents, 50);
}

void processFor(int milliseconds)
{
    QElapsedTimer clock;
    clock.start();
    while (clock.elapsed() < milliseconds)
        QApplication::processEvents(QEventLoop::AllEvents, 20);
}

/// An answer may lead to the next question: a page is complete once it has had nothing to wait for
/// over a while, not at the first moment without a request.
void waitForPage(const Page& page)
{
    QElapsedTimer clock;
    clock.start();
    QElapsedTimer quiet;
    while (clock.elapsed() < kLongestWaitMs) {
        QApplication::processEvents(QEventLoop::AllEvents, 20);
        if (!page.isSettled())
            quiet.invalidate();
        else if (!quiet.isValid())
            quiet.start();
        else if (quiet.elapsed() >= kSettleMs)
            return;
    }
}

Result<void> savePicture(QWidget& widget, const QString& folder, int number, const QString& id)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    widget.grab().save(&buffer, "PNG");
    const QString name = u"%1-%2.png"_s.arg(number, 2, 10, '0'_L1).arg(id);
    return writeFileAtomically(toPath(folder + u'/' + name), bytes.toStdString());
}

} // namespace

Result<int> takeScreenshots(MainWindow& window, const QSize& size, const QString& folder)
{
    CLWB_TRY(createFolders(toPath(folder)));
    window.resize(size);
    window.show();
    waitUntil([&] { return window.state().hasProject(); }, kLongestWaitMs);
    int number = 0;
    for (const QString& id : window.pageIds()) {
        window.showPage(id);
        Page& page = *window.page(id);
        QStringList views = page.views();
        if (views.isEmpty())
            views << QString();
        for (const QString& view : views) {
            if (!view.isEmpty())
                page.showView(view);
            processFor(kSettleMs); // lets the page ask for its data
            waitForPage(page);
            const QString name = view.isEmpty() ? id : id + u'-' + view;
            CLWB_TRY(savePicture(window, folder, ++number, QString(name).replace(u'_', u'-')));
        }
    }
    for (const DialogInfo& info : dialogTable()) {
        QDialog* dialog = info.create(window.state(), &window);
        dialog->show();
        processFor(kSettleMs);
        const auto saved =
            savePicture(*dialog, folder, ++number, QString(info.id).replace(u'_', u'-'));
        delete dialog;
        CLWB_TRY(saved);
    }
    return number;
}

} // namespace clwb::ui
