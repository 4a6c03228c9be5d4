// SPDX-License-Identifier: GPL-3.0-or-later
// Version, licence and what the program is made of.
#include "ui/dialogs/dialog.h"
#include "ui/shell/icons.h"
#include "ui/widgets/building.h"

#include <QApplication>
#include <QBoxLayout>
#include <QCoreApplication>
#include <QLabel>
#include <QPushButton>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

class AboutDialog : public QDialog
{
public:
    explicit AboutDialog(QWidget* parent)
        : QDialog(parent)
    {
        setObjectName(u"dialog.about"_s);
        setWindowTitle(QCoreApplication::translate("AboutDialog", "About CLIP Workbench"));
        auto* layout = new QHBoxLayout(this);
        layout->setContentsMargins(24, 22, 24, 18);
        layout->setSpacing(20);
        auto* picture = new QLabel(this);
        picture->setPixmap(lineIcon(u"clwb"_s, Qt::black, 64, devicePixelRatioF()));
        picture->setAccessibleName(QCoreApplication::translate("AboutDialog", "Program icon"));
        layout->addWidget(picture, 0, Qt::AlignTop);
        auto* column = new QVBoxLayout;
        column->setSpacing(8);
        column->addWidget(makeTitle(QCoreApplication::translate("AboutDialog", "CLIP Workbench %1")
                                        .arg(QCoreApplication::applicationVersion()),
                                    this));
        QLabel* text = makeLabel(
            QCoreApplication::translate(
                "AboutDialog",
                "Continual learning of CLIP: what does it learn, what does it forget, which "
                "setting should you use?\n\nFree software under the GNU General Public License, "
                "version 3 or later. Built with Qt %1, QCustomPlot, LibTorch, OpenCV and SQLite. "
                "Nothing is sent anywhere: the program has no network code.")
                .arg(QLatin1StringView(qVersion())),
            this);
        text->setWordWrap(true);
        text->setMinimumWidth(380);
        column->addWidget(text);
        QPushButton* close = makePrimary(u"about.close"_s,
                                         QCoreApplication::translate("AboutDialog", "Close"), this);
        connect(close, &QPushButton::clicked, this, &QDialog::accept);
        column->addSpacing(6);
        column->addWidget(close, 0, Qt::AlignRight);
        layout->addLayout(column);
    }
};

} // namespace

DialogInfo describe_about_dialog();
DialogInfo describe_about_dialog()
{
    return {u"about"_s, 90,
            [](AppState&, QWidget* parent) -> QDialog* { return new AboutDialog(parent); }};
}

} // namespace clwb::ui
