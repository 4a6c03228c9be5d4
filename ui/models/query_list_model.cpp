// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/query_list_model.h"

#include "ui/shell/theme.h"

#include <QGuiApplication>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

QString rankText(const std::optional<int64_t>& rank)
{
    return rank ? QString::number(*rank + 1) : u"–"_s;
}

QString rankChangeText(const std::optional<int64_t>& change)
{
    if (!change)
        return u"–"_s;
    if (*change == 0)
        return u"="_s;
    return (*change > 0 ? u"▼ %1"_s : u"▲ %1"_s).arg(*change > 0 ? *change : -*change);
}

QString plainTip(const QString& text)
{
    return text.isEmpty()
               ? QString()
               : u"<p style='white-space:pre-wrap'>"_s + text.toHtmlEscaped() + u"</p>"_s;
}

void QueryListModel::setQueries(std::vector<ComparedQuery> queries, bool arePictures)
{
    beginResetModel();
    m_queries = std::move(queries);
    m_arePictures = arePictures;
    m_shown = shownQueries(m_queries, m_selection);
    endResetModel();
}

void QueryListModel::setSelection(QuerySelection selection)
{
    beginResetModel();
    m_selection = std::move(selection);
    m_shown = shownQueries(m_queries, m_selection);
    endResetModel();
}

void QueryListModel::sort(int column, Qt::SortOrder order)
{
    QuerySelection selection = m_selection;
    selection.sortBy.reset();
    if (column >= 0 && column < kQueryColumns)
        selection.sortBy = static_cast<QueryColumn>(column);
    selection.isDescending = order == Qt::DescendingOrder;
    setSelection(std::move(selection));
}

const ComparedQuery& QueryListModel::at(int row) const
{
    return m_queries[static_cast<size_t>(m_shown[static_cast<size_t>(row)])];
}

int QueryListModel::rowOf(int32_t position) const
{
    for (size_t row = 0; row < m_shown.size(); ++row) {
        if (m_queries[static_cast<size_t>(m_shown[row])].position == position)
            return static_cast<int>(row);
    }
    return -1;
}

int QueryListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

int QueryListModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : kQueryColumns;
}

QVariant QueryListModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const ComparedQuery& query = at(index.row());
    const auto column = static_cast<QueryColumn>(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return column == QueryColumn::Text    ? query.text
               : column == QueryColumn::RankA ? rankText(query.rankA)
               : column == QueryColumn::RankB ? rankText(query.rankB)
                                              : rankChangeText(changeOf(query));
    case Qt::ToolTipRole:
        return plainTip(tr("%1\ntruth at rank %2 of A and %3 of B")
                            .arg(query.text, rankText(query.rankA), rankText(query.rankB)));
    case Qt::TextAlignmentRole:
        return QVariant(column == QueryColumn::Text ? Qt::AlignLeft | Qt::AlignVCenter
                                                    : Qt::AlignRight | Qt::AlignVCenter);
    case Qt::ForegroundRole: {
        const Theme& theme = themeOf(QGuiApplication::palette());
        const auto change = changeOf(query);
        if (column != QueryColumn::Change)
            return {};
        return !change || *change == 0 ? theme.muted : *change > 0 ? theme.bad : theme.good;
    }
    case ImageIdRole:
        return QVariant::fromValue<qint64>(query.imageId);
    default:
        return {};
    }
}

QVariant QueryListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= kQueryColumns)
        return {};
    const auto column = static_cast<QueryColumn>(section);
    if (role == Qt::TextAlignmentRole)
        return QVariant(column == QueryColumn::Text ? Qt::AlignLeft | Qt::AlignVCenter
                                                    : Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::DisplayRole) {
        switch (column) {
        case QueryColumn::Text:
            return m_arePictures ? tr("Picture") : tr("Caption");
        case QueryColumn::RankA:
            return tr("A");
        case QueryColumn::RankB:
            return tr("B");
        case QueryColumn::Change:
            return tr("Change");
        }
    }
    if (role == Qt::ToolTipRole) {
        switch (column) {
        case QueryColumn::Text:
            return m_arePictures ? tr("The query, a picture of the set")
                                 : tr("The query, a caption of the set");
        case QueryColumn::RankA:
        case QueryColumn::RankB:
            return tr("Rank of the best true candidate, within the fold; 1 is best");
        case QueryColumn::Change:
            return tr("Ranks that the truth fell (▼) or rose (▲) by from A to B");
        }
    }
    return {};
}

} // namespace clwb::ui
