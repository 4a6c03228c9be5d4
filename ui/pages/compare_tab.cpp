// SPDX-License-Identifier: GPL-3.0-or-later
// Parts that the tabs of Compare share.
#include "ui/pages/compare_tab.h"

#include "ui/shell/app_state.h"
#include "ui/widgets/building.h"
#include "ui/widgets/card.h"
#include "ui/widgets/elided_combo.h"
#include "ui/widgets/row_delegate.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QHeaderView>
#include <QMenu>
#include <QPushButton>
#include <QTreeView>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

QPushButton* CompareTab::addExport(Card& card, const QString& objectName, const QString& what,
                                   const std::function<Figure()>& make)
{
    QPushButton* button = makeLink(objectName, tr("Export"), &card);
    button->setAccessibleName(tr("Export %1").arg(what));
    button->setToolTip(tr("Save as PNG, SVG, PDF or CSV, or copy"));
    connect(button, &QPushButton::clicked, this, [this, button, make] {
        showPlotMenu(make, button->mapToGlobal(QPoint(0, button->height())), &state().settings(),
                     button);
    });
    card.header()->addWidget(button);
    return button;
}

QTreeView* CompareTab::makeTable(const QString& objectName, const QString& title,
                                 const std::function<Figure()>& make, QWidget* parent)
{
    auto* table = new QTreeView(parent);
    nameWidget(table, objectName, title);
    table->setRootIsDecorated(false);
    table->setUniformRowHeights(true);
    table->setItemsExpandable(false);
    table->setAllColumnsShowFocus(true);
    table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setIconSize(QSize(10, 10));
    table->setItemDelegate(new RowDelegate(table));
    table->header()->setStretchLastSection(false);
    table->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(table, &QWidget::customContextMenuRequested, this,
            [this, table, make](const QPoint& position) {
                showPlotMenu(make, table->viewport()->mapToGlobal(position), &state().settings(),
                             table);
            });
    return table;
}

QComboBox* CompareTab::makeCombo(const QString& objectName, const QString& title, QWidget* parent)
{
    auto* combo = new ElidedCombo(parent);
    nameWidget(combo, objectName, title);
    combo->setProperty("small", true);
    combo->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    combo->setMinimumWidth(80); // in a small window the entry is elided
    combo->setMaximumWidth(200);
    return combo;
}

PairChoice::PairChoice(QComboBox* a, QComboBox* b, QObject* parent)
    : QObject(parent)
    , m_a(a)
    , m_b(b)
{
    for (QComboBox* combo : {a, b})
        connect(combo, &QComboBox::activated, this, &PairChoice::changed);
}

void PairChoice::setEntries(const std::vector<const ComparedEntry*>& entries)
{
    QString wantedA = a();
    QString wantedB = b();
    const auto isThere = [&](const QString& id) {
        return std::any_of(entries.begin(), entries.end(),
                           [&](const auto* entry) { return entry->id == id; });
    };
    const auto ofMethod = [&](QLatin1StringView method) {
        for (const ComparedEntry* entry : entries) {
            if (entry->method == method)
                return entry->id;
        }
        return QString();
    };
    const auto anyBut = [&](const QString& other) {
        for (const ComparedEntry* entry : entries) {
            if (entry->id != other && !entry->isReference())
                return entry->id;
        }
        return entries.empty() ? QString() : entries.back()->id;
    };
    if (!isThere(wantedB))
        wantedB = ofMethod("vr-lwf"_L1);
    if (!isThere(wantedA) || wantedA == wantedB)
        wantedA = ofMethod("ft"_L1);
    if (wantedA.isEmpty())
        wantedA = anyBut(wantedB);
    if (wantedB.isEmpty())
        wantedB = anyBut(wantedA);
    for (const auto& [combo, wanted] : {std::pair{m_a, wantedA}, std::pair{m_b, wantedB}}) {
        const QSignalBlocker blocker(combo);
        combo->clear();
        for (const ComparedEntry* entry : entries)
            combo->addItem(entry->label, entry->id);
        combo->setCurrentIndex(std::max(0, combo->findData(wanted)));
        combo->setEnabled(!entries.empty());
    }
}

QString PairChoice::a() const
{
    return m_a->currentData().toString();
}

QString PairChoice::b() const
{
    return m_b->currentData().toString();
}

} // namespace clwb::ui
