// SPDX-License-Identifier: GPL-3.0-or-later
// The query list of the Retrieval page as an item model: query, rank A, rank B, change.
#pragma once

#include "ui/models/retrieval_join.h"

#include <QAbstractTableModel>

#include <memory>

namespace clwb::ui
{

class QueryListModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Role { ImageIdRole = Qt::UserRole + 1 };
    using QAbstractTableModel::QAbstractTableModel;

    /// @param arePictures queries are pictures, not captions
    void setQueries(std::vector<ComparedQuery> queries, bool arePictures);
    /// Filter, search and order; replaces the order that a view asked for.
    void setSelection(QuerySelection selection);
    [[nodiscard]] const QuerySelection& selection() const { return m_selection; }
    [[nodiscard]] const std::vector<ComparedQuery>& queries() const { return m_queries; }
    [[nodiscard]] const std::vector<int>& shown() const { return m_shown; }
    [[nodiscard]] const ComparedQuery& at(int row) const;
    [[nodiscard]] bool arePictures() const { return m_arePictures; }
    /// Row of the query at that position of the data; -1: it is not shown.
    [[nodiscard]] int rowOf(int32_t position) const;

    void sort(int column, Qt::SortOrder order) override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    std::vector<ComparedQuery> m_queries;
    std::vector<int> m_shown; ///< places in m_queries
    QuerySelection m_selection;
    bool m_arePictures = false;
};

/// "1" for rank 0, "–" where there is no truth.
QString rankText(const std::optional<int64_t>& rank);
/// "▼ 36" of a truth that fell by 36 ranks, "▲ 2" of one that rose, "=".
QString rankChangeText(const std::optional<int64_t>& change);
/// As a tooltip that shows the text as it is, whatever markup it holds.
QString plainTip(const QString& text);

} // namespace clwb::ui
