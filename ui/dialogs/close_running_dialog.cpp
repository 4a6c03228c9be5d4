// SPDX-License-Identifier: GPL-3.0-or-later
// Asked once when the window is closed while a run is in progress.
#include "ui/bridge/qt_text.h"
#include "ui/dialogs/dialog.h"
#include "ui/shell/app_state.h"
#include "ui/shell/queue_memory.h"
#include "ui/widgets/building.h"

#include <QBoxLayout>
#include <QCoreApplication>
#include <QLabel>
#include <QPushButton>

#include <algorithm>

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
        const auto& orders = state.queue().waiting();
        const auto waiting = std::count_if(orders.begin(), orders.end(), isRemembered);
        if (const auto rest = static_cast<int64_t>(orders.size()) - waiting; rest > 0)
            layout->addWidget(makeMuted(
                countedText(rest,
                            CloseRunningDialogText::tr("%1 waiting trial or demo run does not wait "
                                                       "on: start it again from its page."),
                            CloseRunningDialogText::tr("%1 waiting trials or demo runs do not wait "
                                                       "on: start them again from their pages.")),
                this));
        if (waiting > 0)
            layout->addWidget(makeMuted(
                countedText(waiting,
                            CloseRunningDialogText::tr(
                                "%1 waiting run will wait again when the project is opened."),
                            CloseRunningDialogText::tr(
                                "%1 waiting runs will wait again when the project is opened.")),
                this));
        layout->addSpacing(6);
        auto* buttons = new QHBoxLayout;
        buttons->addStretch(1);
        // The focus begins where Enter and Space change nothing.
        QPushButton* keep =
            makePrimary(u"close.keep"_s, CloseRunningDialogText::tr("Don’t Close"), this);
        QPushButton* stop =
            makeButton(u"close.stop"_s, CloseRunningDialogText::tr("Stop, Save and Close"), this);
        buttons->addWidget(keep);
        if (state.engine().continueDetached) {
            QPushButton* detach = makeButton(
                u"close.detach"_s, CloseRunningDialogText::tr("Close and Continue Alone"), this);
            detach->setToolTip(CloseRunningDialogText::tr(
                "The run is saved and goes on in a process of its own; a window opened later "
                "sees it"));
            buttons->addWidget(detach);
            connect(detach, &QPushButton::clicked, this, [this] { done(kCloseDetached); });
        }
        buttons->addWidget(stop);
        layout->addLayout(buttons);
        // Enter means the button that has the focus, as Space does.
        for (QPushButton* button : findChildren<QPushButton*>())
            button->setAutoDefault(true);
        keep->setDefault(true);
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
