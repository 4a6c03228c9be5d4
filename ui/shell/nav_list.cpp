// SPDX-License-Identifier: GPL-3.0-or-later
// Entries of the navigation and how they are painted.
#include "ui/shell/nav_list.h"

#include "ui/models/run_mime.h"
#include "ui/plots/plot_theme.h"
#include "ui/shell/icons.h"
#include "ui/shell/theme.h"
#include "ui/widgets/building.h"

#include <QDropEvent>
#include <QPainter>
#include <QStyledItemDelegate>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int kNavNumberRole = Qt::UserRole + 1;
constexpr int kIsTargetRole = Qt::UserRole + 2;

class NavDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override
    {
        return {120, option.fontMetrics.height() + 14};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override
    {
        const Theme& theme = themeOf(option.palette);
        const bool isCurrent = option.state & QStyle::State_Selected;
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const QRectF pill = QRectF(option.rect).adjusted(8, 1, -8, -1);
        // The ring is for people who move by keyboard, and where dragged runs would go.
        const bool hasRing = index.data(kIsTargetRole).toBool() ||
                             ((option.state & QStyle::State_HasFocus) &&
                              (option.state & QStyle::State_KeyboardFocusChange));
        painter->setPen(hasRing ? QPen(theme.accent, 1) : QPen(Qt::NoPen));
        painter->setBrush(isCurrent                                ? QBrush(theme.accentSoft)
                          : option.state & QStyle::State_MouseOver ? QBrush(theme.hover)
                                                                   : QBrush(Qt::NoBrush));
        painter->drawRoundedRect(pill, 6, 6);
        const QColor colour = isCurrent ? theme.accent : theme.text;
        const QString id = index.data(Qt::UserRole).toString();
        const QPixmap icon = lineIcon(id, isCurrent ? theme.accent : theme.muted, 16,
                                      painter->device()->devicePixelRatioF());
        painter->drawPixmap(QPointF(pill.left() + 10, pill.center().y() - 8), icon);
        QFont font = option.font;
        font.setWeight(isCurrent ? QFont::DemiBold : QFont::Normal);
        painter->setFont(font);
        painter->setPen(colour);
        painter->drawText(pill.adjusted(36, 0, -26, 0), Qt::AlignVCenter, index.data().toString());
        painter->setFont(smallFont(option.font));
        painter->setPen(theme.muted);
        painter->drawText(pill.adjusted(0, 0, -10, 0), Qt::AlignVCenter | Qt::AlignRight,
                          index.data(kNavNumberRole).toString());
        painter->restore();
    }
};

} // namespace

NavList::NavList(QWidget* parent)
    : QListWidget(parent)
{
    nameWidget(this, u"navigation"_s, tr("Pages"));
    setItemDelegate(new NavDelegate(this));
    setFixedWidth(168);
    setFrameShape(QFrame::NoFrame);
    setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setAttribute(Qt::WA_Hover);
    viewport()->setAcceptDrops(true);
    setViewportMargins(0, 8, 0, 8);
    connect(this, &QListWidget::currentItemChanged, this, [this](QListWidgetItem* item) {
        if (item)
            Q_EMIT pageChosen(item->data(Qt::UserRole).toString());
    });
}

void NavList::addPage(const QString& id, const QString& title, int number)
{
    auto* item = new QListWidgetItem(title, this);
    item->setData(Qt::UserRole, id);
    item->setData(kNavNumberRole, number);
    item->setToolTip(tr("%1 (Ctrl+%2)").arg(title).arg(number));
}

void NavList::setCurrentPage(const QString& id)
{
    for (int row = 0; row < count(); ++row) {
        if (item(row)->data(Qt::UserRole).toString() == id) {
            const QSignalBlocker blocker(this);
            setCurrentRow(row);
        }
    }
}

QListWidgetItem* NavList::targetAt(const QDropEvent& event) const
{
    QListWidgetItem* item = itemAt(event.position().toPoint());
    return item && m_runTargets.contains(item->data(Qt::UserRole).toString()) ? item : nullptr;
}

void NavList::markTarget(const QListWidgetItem* target)
{
    for (int row = 0; row < count(); ++row)
        item(row)->setData(kIsTargetRole, item(row) == target);
}

void NavList::dragEnterEvent(QDragEnterEvent* event)
{
    // Anything else is for the window around.
    event->setAccepted(!runsOf(event->mimeData()).empty());
}

void NavList::dragMoveEvent(QDragMoveEvent* event)
{
    const QListWidgetItem* target = targetAt(*event);
    markTarget(target);
    event->setAccepted(target != nullptr);
    if (target)
        event->setDropAction(Qt::CopyAction);
}

void NavList::dragLeaveEvent(QDragLeaveEvent* /*event*/)
{
    markTarget(nullptr);
}

void NavList::dropEvent(QDropEvent* event)
{
    markTarget(nullptr);
    const std::vector<int64_t> runs = runsOf(event->mimeData());
    const QListWidgetItem* target = targetAt(*event);
    event->setAccepted(target && !runs.empty());
    if (event->isAccepted())
        Q_EMIT runsDropped(target->data(Qt::UserRole).toString(), runs);
}

} // namespace clwb::ui
