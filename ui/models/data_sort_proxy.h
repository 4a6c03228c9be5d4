// SPDX-License-Identifier: GPL-3.0-or-later
// Sorting and searching of a value table.
#pragma once

#include <QSortFilterProxyModel>

namespace clwb::ui
{

/// Numbers by value and texts by the user's alphabet; missing values are last both ways, and rows
/// that are equal keep the order of the table.
class DataSortProxy : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit DataSortProxy(QObject* parent = nullptr);
    /// Rows whose first columns contain all words, in any case.
    void setSearch(const QString& words, int columns);

protected:
    [[nodiscard]] bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    QStringList m_words;
    int m_columns = 1;
};

} // namespace clwb::ui
