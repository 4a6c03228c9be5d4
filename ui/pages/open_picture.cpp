// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/open_picture.h"

#include "core/run/pictures.h"
#include "ui/bridge/background.h"
#include "ui/bridge/qt_text.h"
#include "ui/shell/app_state.h"

#include <QCoreApplication>
#include <QDesktopServices>
#include <QDir>
#include <QFileInfo>
#include <QUrl>

namespace clwb::ui
{

namespace
{

struct OpenPictureText
{
    Q_DECLARE_TR_FUNCTIONS(OpenPicture)
};

/// Why a file is not opened.
struct Refusal
{
    QString title; ///< empty: it can be opened
    QString text;
};

Refusal refusalOf(const QString& file, const QString& whereElse)
{
    const QString shown = QDir::toNativeSeparators(file);
    if (!QFileInfo(file).isFile()) {
        const QString expected = OpenPictureText::tr("It was expected at %1.").arg(shown);
        return {OpenPictureText::tr("Original not found"),
                whereElse.isEmpty() ? expected : expected + u' ' + whereElse};
    }
    if (const auto picture = run::loadPicture(toPath(file), {}, "ignore"); !picture)
        return {OpenPictureText::tr("The original cannot be opened"),
                OpenPictureText::tr("%1 is no picture that can be read: %2")
                    .arg(shown, toQt(picture.error().message))};
    return {};
}

} // namespace

void openPicture(AppState& state, QObject* context, const QString& file, const QString& whereElse,
                 std::function<void()> done)
{
    auto* reader = new Background(context);
    reader->ask(
        context, [file, whereElse] { return refusalOf(file, whereElse); },
        [&state, file, reader, done = std::move(done)](const Refusal& refusal) {
            reader->deleteLater();
            if (!refusal.title.isEmpty())
                state.reportProblem(refusal.title, refusal.text);
            else if (!QDesktopServices::openUrl(QUrl::fromLocalFile(file)))
                state.reportProblem(OpenPictureText::tr("No program opens pictures here"),
                                    QDir::toNativeSeparators(file));
            if (done)
                done();
        });
}

} // namespace clwb::ui
