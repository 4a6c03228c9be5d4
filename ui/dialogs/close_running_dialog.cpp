// SPDX-License-Identifier: GPL-3.0-or-later
// Asked once when the window is closed while a run is in progress.
#include "ui/bridge/qt_text.h"
#include "ui/dialogs/dialog.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/building.h"

#include <QBoxLayout>
#include <QCoreApplication>
#include <QLabel>
#include <QPushButton>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct CloseRunningDialogText
{
    Q_DECLARE_TR_FUNCTIONS(CloseRunningDialog)
};

class CloseRunningDialog : public QDialog
{
public:
    CloseRunningDialog(const AppState& state, QWidget* parent)
        : QDialog(parent)
    {
        setObjectName(u"dialog.closeRunning"_s);
        setWindowTitle(CloseRunningDialogText::tr("A Run Is in Progress"));
        auto* layout = new QVBoxLayout(this);
        layout->setContentsMargins(22, 20, 22, 18);
        layout->setSpacing(10);
        const QString title = state.live().title;
        layout->addWidget(
            makeTitle(title.isEmpty() ? CloseRunningDialogText::tr("A run is in progress")
                                      : CloseRunningDialogText::tr("%1 is in progress").arg(title),
                      this));
        QLabel* text =
            makeLabel(CloseRunningDialogText::tr(
                          "It can be saved at the next batch and continued later exactly where it "
                          "stopped, here or with “clwb resume”."),
                      this);
        text->setWordWrap(true);
        text->setMinimumWidth(420);
        layout->addWidget(text);
        const auto waiting = static_cast<int>(state.queue().waiting().size());
        if (waiting > 0)
            layout->addWidget(
                makeMuted(countedText(waiting,
                                      CloseRunningDialogText::tr(
                                          "%1 waiting run has not begun and will be dropped."),
                                      CloseRunningDialogText::tr(
                                          "%1 waiting runs have not begun and will be dropped.")),
                          this));
        layout->addSpacing(6);
        auto* buttons = new QHBoxLayout;
        buttons->addStretch(1);
        QPushButton* keep =
            makeButton(u"close.keep"_s, CloseRunningDialogText::tr("Keep Running"), this);
        QPushButton* stop =
            makePrimary(u"close.stop"_s, CloseRunningDialogText::tr("Stop, Save and Close"), this);
        buttons->addWidget(keep);
        buttons->addWidget(stop);
        layout->addLayout(buttons);
        connect(keep, &QPushButton::clicked, this, &QDialog::reject);
        connect(stop, &QPushButton::clicked, this, &QDialog::accept);
        keep->setFocus();
    }
};

} // namespace

DialogInfo describe_close_running_dialog();
DialogInfo describe_close_running_dialog()
{
    return {u"close_running"_s, 10, [](AppState& state, QWidget* parent) -> QDialog* {
                return new CloseRunningDialog(state, parent);
            }};
}

} // namespace clwb::ui
