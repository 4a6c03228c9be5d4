// SPDX-License-Identifier: GPL-3.0-or-later
// Paints the run list: group lines, colour swatches, status dots, bold and underlined numbers.
#pragma once

#include <QStyledItemDelegate>

namespace clwb::ui
{

class RunDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const override;

    /// "at 5": after which session a best value was reached.
    static QString sessionText(int session);

private:
    static void paintGroup(QPainter& painter, const QStyleOptionViewItem& option,
                           const QModelIndex& index);
    static void paintArrow(QPainter& painter, const QStyleOptionViewItem& option,
                           const QModelIndex& index);
    static void paintGroupTitle(QPainter& painter, const QStyleOptionViewItem& option,
                                const QRect& area, const QModelIndex& index);
    static void paintSwatch(QPainter& painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index);
};

} // namespace clwb::ui
