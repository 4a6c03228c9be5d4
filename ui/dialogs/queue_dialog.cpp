// SPDX-License-Identifier: GPL-3.0-or-later
// The runs that wait: put in another order, removed, held back.
#include "ui/bridge/qt_text.h"
#include "ui/dialogs/dialog.h"
#include "ui/models/queue_model.h"
#include "ui/shell/app_state.h"
#include "ui/shell/queue_edits.h"
#include "ui/widgets/building.h"

#include <QBoxLayout>
#include <QCoreApplication>
#include <QLabel>
#include <QListView>
#include <QPushButton>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct QueueText
{
    Q_DECLARE_TR_FUNCTIONS(QueueDialog)
};

class QueueDialog : public QDialog
{
public:
    QueueDialog(AppState& state, QWidget* parent)
        : QDialog(parent)
        , m_state(state)
    {
        setObjectName(u"dialog.queue"_s);
        setWindowTitle(QueueText::tr("Queue"));
        resize(560, 420);
        auto* layout = new QVBoxLayout(this);
        layout->setContentsMargins(18, 16, 18, 16);
        layout->setSpacing(10);
        m_current = makeElided({}, this);
        layout->addWidget(m_current);
        auto* row = new QHBoxLayout;
        m_view = new QListView(this);
        nameWidget(m_view, u"queue.list"_s, QueueText::tr("Waiting runs"));
        m_view->setModel(&m_model);
        m_view->setDragDropMode(QAbstractItemView::InternalMove);
        m_view->setUniformItemSizes(true);
        row->addWidget(m_view, 1);
        row->addLayout(makeEditButtons());
        layout->addLayout(row, 1);
        m_says = makeMuted({}, this);
        m_says->setWordWrap(true);
        layout->addWidget(m_says);
        layout->addLayout(makeQueueButtons());
        connect(&m_model, &QueueModel::moveAsked, this, [this](int at, int to) { move(at, to); });
        connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this,
                [this] { updateButtons(); });
        connect(&state.queue(), &RunQueue::changed, this, [this] { read(); });
        connect(&state.queue(), &RunQueue::started, this, [this] { read(); });
        read();
    }

private:
    QLayout* makeEditButtons()
    {
        auto* column = new QVBoxLayout;
        m_up = makeButton(u"queue.up"_s, QueueText::tr("Move Up"), this);
        m_down = makeButton(u"queue.down"_s, QueueText::tr("Move Down"), this);
        m_remove = makeButton(u"queue.remove"_s, QueueText::tr("Remove"), this);
        m_up->setShortcut(QKeySequence(Qt::ALT | Qt::Key_Up));
        m_down->setShortcut(QKeySequence(Qt::ALT | Qt::Key_Down));
        m_remove->setShortcut(QKeySequence(Qt::Key_Delete));
        for (QPushButton* button : {m_up, m_down, m_remove}) {
            button->setToolTip(button->shortcut().toString(QKeySequence::NativeText));
            column->addWidget(button);
        }
        column->addStretch(1);
        connect(m_up, &QPushButton::clicked, this, [this] { move(place(), place() - 1); });
        connect(m_down, &QPushButton::clicked, this, [this] { move(place(), place() + 1); });
        connect(m_remove, &QPushButton::clicked, this, [this] { remove(); });
        return column;
    }

    QLayout* makeQueueButtons()
    {
        auto* line = new QHBoxLayout;
        m_hold = makeButton(u"queue.hold"_s, QueueText::tr("Hold the Queue"), this);
        m_empty = makeButton(u"queue.empty"_s, QueueText::tr("Remove All"), this);
        m_undo = makeButton(u"queue.undo"_s, QueueText::tr("Undo"), this);
        m_undo->setShortcut(QKeySequence::Undo);
        QPushButton* close = makeButton(u"queue.close"_s, QueueText::tr("Close"), this);
        for (QPushButton* button : {m_hold, m_empty, m_undo})
            line->addWidget(button);
        line->addStretch(1);
        line->addWidget(close);
        connect(m_hold, &QPushButton::clicked, this, [this] {
            RunQueue& queue = m_state.queue();
            queue.isHeld() ? queue.release() : queue.hold();
        });
        connect(m_empty, &QPushButton::clicked, this,
                [this] { editQueue(m_state, QueueText::tr("emptying the queue"), {}); });
        connect(m_undo, &QPushButton::clicked, this, [this] { m_state.undoStack().undo(); });
        connect(&m_state.undoStack(), &QUndoStack::indexChanged, this, [this] { updateButtons(); });
        connect(close, &QPushButton::clicked, this, &QDialog::accept);
        return line;
    }

    [[nodiscard]] int place() const { return m_view->currentIndex().row(); }

    /// The selected order stays selected where it moves to.
    void read()
    {
        const int row = place();
        const uint64_t chosen = row >= 0 ? m_model.at(row).number : 0;
        m_model.setOrders(m_state.queue().waiting());
        const int last = m_model.rowCount() - 1;
        int wanted = std::min(std::max(row, 0), last);
        for (int at = 0; at <= last; ++at) {
            if (m_model.at(at).number == chosen)
                wanted = at;
        }
        if (wanted >= 0)
            m_view->setCurrentIndex(m_model.index(wanted));
        const RunQueue& queue = m_state.queue();
        m_current->setText(queue.state() == RunQueue::State::Idle
                               ? QueueText::tr("No run is in progress.")
                               : QueueText::tr("In progress: %1").arg(queue.current().title));
        m_hold->setText(queue.isHeld() ? QueueText::tr("Continue the Queue")
                                       : QueueText::tr("Hold the Queue"));
        m_says->setText(last < 0 ? QueueText::tr("No runs wait. Runs that you add while another "
                                                 "one is in progress will wait here.")
                        : queue.isHeld()
                            ? QueueText::tr("The queue is held: these runs do not begin until you "
                                            "continue it.")
                            : QueueText::tr("They begin one after another, from the top."));
        updateButtons();
    }

    void updateButtons()
    {
        const int last = m_model.rowCount() - 1;
        m_up->setEnabled(place() > 0);
        m_down->setEnabled(place() >= 0 && place() < last);
        m_remove->setEnabled(place() >= 0);
        m_empty->setEnabled(last >= 0);
        m_undo->setEnabled(m_state.undoStack().canUndo());
    }

    void move(int from, int to)
    {
        editQueue(m_state, QueueText::tr("moving a waiting run"),
                  moved(m_state.queue().waiting(), from, to));
    }

    void remove()
    {
        editQueue(m_state, QueueText::tr("removing a waiting run"),
                  without(m_state.queue().waiting(), place()));
    }

    AppState& m_state;
    QueueModel m_model;
    QListView* m_view = nullptr;
    QLabel* m_current = nullptr;
    QLabel* m_says = nullptr;
    QPushButton* m_up = nullptr;
    QPushButton* m_down = nullptr;
    QPushButton* m_remove = nullptr;
    QPushButton* m_hold = nullptr;
    QPushButton* m_empty = nullptr;
    QPushButton* m_undo = nullptr;
};

} // namespace

DialogInfo describe_queue_dialog();
DialogInfo describe_queue_dialog()
{
    return {u"queue"_s, 35, [](AppState& state, QWidget* parent) -> QDialog* {
                return new QueueDialog(state, parent);
            }};
}

} // namespace clwb::ui
