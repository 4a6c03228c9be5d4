// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/run_picker.h"

#include "ui/bridge/qt_text.h"
#include "ui/models/candidate_model.h"
#include "ui/plots/plot_theme.h"
#include "ui/shell/theme.h"
#include "ui/widgets/building.h"
#include "ui/widgets/check_mark.h"

#include <QBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QPushButton>
#include <QStyledItemDelegate>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

/// Check mark, colour and name, below it what else tells the runs apart.
class CandidateDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option,
                                 const QModelIndex& /*index*/) const override
    {
        const int small = QFontMetrics(smallFont(option.font)).height();
        return {200, option.fontMetrics.height() + small + 13};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override
    {
        const Theme& theme = themeOf(option.palette);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const QRect area = option.rect.adjusted(8, 6, -10, -5);
        if (option.state & (QStyle::State_MouseOver | QStyle::State_HasFocus)) {
            const bool isFocused = option.state.testFlag(QStyle::State_HasFocus);
            painter->setPen(Qt::NoPen);
            painter->setBrush(isFocused ? theme.accentSoft : theme.hover);
            painter->drawRoundedRect(option.rect.adjusted(1, 1, -1, -1), 6, 6);
        }
        QRect name = area;
        name.setHeight(option.fontMetrics.height());
        paintCheckMark(*painter, option.palette, name,
                       static_cast<Qt::CheckState>(index.data(Qt::CheckStateRole).toInt()));
        painter->setPen(Qt::NoPen);
        painter->setBrush(index.data(Qt::DecorationRole).value<QColor>());
        painter->drawRoundedRect(QRectF(area.left() + 26, name.center().y() - 4, 9, 9), 3, 3);
        name.setLeft(name.left() + 44);
        painter->setPen(theme.text);
        painter->drawText(
            name, Qt::AlignLeft | Qt::AlignVCenter,
            option.fontMetrics.elidedText(index.data().toString(), Qt::ElideMiddle, name.width()));
        const QFont small = smallFont(option.font);
        painter->setFont(small);
        painter->setPen(theme.muted);
        const QRect detail(name.left(), name.bottom() + 2, name.width(),
                           QFontMetrics(small).height());
        painter->drawText(
            detail, Qt::AlignLeft | Qt::AlignVCenter,
            QFontMetrics(small).elidedText(index.data(CandidateModel::DetailRole).toString(),
                                           Qt::ElideRight, detail.width()));
        painter->restore();
    }

    /// The view toggles by itself; the style's idea of where the box is does not matter.
    bool editorEvent(QEvent*, QAbstractItemModel*, const QStyleOptionViewItem&,
                     const QModelIndex&) override
    {
        return false;
    }
};

} // namespace

RunPicker::RunPicker(CandidateModel* model, QWidget* parent)
    : QDialog(parent)
    , m_model(model)
{
    model->setParent(this);
    setObjectName(u"compare.picker"_s);
    setWindowTitle(tr("Runs to Compare"));
    resize(560, 560);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(18, 16, 18, 14);
    layout->setSpacing(10);
    m_filter = new QLineEdit(this);
    nameWidget(m_filter, u"picker.filter"_s, tr("Filter of the runs"));
    m_filter->setPlaceholderText(tr("Filter: setting:mst option:wm zs>60 origin:paper"));
    m_filter->setToolTip(filterHelp());
    m_filter->setClearButtonEnabled(true);
    layout->addWidget(m_filter);
    m_list = new QListView(this);
    nameWidget(m_list, u"picker.list"_s, tr("Runs of the project"));
    m_list->setModel(model);
    m_list->setItemDelegate(new CandidateDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setMouseTracking(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    layout->addWidget(m_list, 1);
    auto* foot = new QHBoxLayout;
    m_count = makeMuted({}, this);
    foot->addWidget(m_count, 1);
    QPushButton* close = makePrimary(u"picker.close"_s, tr("Done"), this);
    foot->addWidget(close);
    layout->addLayout(foot);
    connect(m_filter, &QLineEdit::textChanged, this, &RunPicker::applyFilter);
    connect(m_list, &QListView::clicked, this, &RunPicker::toggle);
    connect(m_list, &QListView::activated, this, [this](const QModelIndex& index) {
        if (!m_list->underMouse()) // a click has toggled already
            toggle(index);
    });
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    connect(model, &CandidateModel::chosenChanged, this, [this] {
        updateCount();
        Q_EMIT chosenChanged(m_model->chosen());
    });
    updateCount();
}

void RunPicker::applyFilter()
{
    RunFilter::Parsed parsed = RunFilter::parse(m_filter->text());
    setStyleFlag(m_filter, "invalid", !parsed.problem.isEmpty());
    m_filter->setToolTip(parsed.problem.isEmpty() ? filterHelp() : parsed.problem);
    if (parsed.problem.isEmpty())
        m_model->setFilter(parsed.filter);
    updateCount();
}

void RunPicker::toggle(const QModelIndex& index)
{
    const bool isChecked = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
    if (!isChecked && !m_model->hasRoomFor(index)) {
        m_count->setText(
            tr("A comparison holds at most %1 runs: take some out first").arg(kMostCompared));
        return;
    }
    m_model->setData(index, isChecked ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
}

void RunPicker::updateCount()
{
    m_count->setText(tr("%1 of %2 lines · %3 runs chosen")
                         .arg(countText(m_model->rowCount()), countText(m_model->total()),
                              countText(static_cast<int64_t>(m_model->chosen().size()))));
}

} // namespace clwb::ui
