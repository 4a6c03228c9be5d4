// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/data_sort_proxy.h"

#include "ui/models/data_table.h"

#include <algorithm>

namespace clwb::ui
{

DataSortProxy::DataSortProxy(QObject* parent)
    : QSortFilterProxyModel(parent)
{
    setSortRole(DataTableModel::SortRole);
    setDynamicSortFilter(true);
}

void DataSortProxy::setSearch(const QString& words, int columns)
{
    m_words = words.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    m_columns = columns;
    invalidateFilter();
}

bool DataSortProxy::lessThan(const QModelIndex& left, const QModelIndex& right) const
{
    const QVariant a = left.data(DataTableModel::SortRole);
    const QVariant b = right.data(DataTableModel::SortRole);
    const auto isMissing = [](const QVariant& value) {
        return value.typeId() != QMetaType::Double && value.toString().isEmpty();
    };
    // The view turns the order round for a descending sort; missing values must not turn with it.
    const bool isDescending = sortOrder() == Qt::DescendingOrder;
    if (isMissing(a) || isMissing(b))
        return isMissing(a) != isMissing(b) && isMissing(isDescending ? a : b);
    const bool isNumberA = a.typeId() == QMetaType::Double;
    const bool isNumberB = b.typeId() == QMetaType::Double;
    if (isNumberA && isNumberB)
        return a.toDouble() < b.toDouble();
    if (isNumberA != isNumberB)
        return isNumberA;
    return QString::localeAwareCompare(a.toString(), b.toString()) < 0;
}

bool DataSortProxy::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    return std::all_of(m_words.begin(), m_words.end(), [&](const QString& word) {
        for (int column = 0; column < m_columns; ++column) {
            const QModelIndex cell = sourceModel()->index(row, column, parent);
            if (cell.data().toString().contains(word, Qt::CaseInsensitive))
                return true;
        }
        return false;
    });
}

} // namespace clwb::ui
