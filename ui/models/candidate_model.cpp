// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/candidate_model.h"

#include "ui/shell/theme.h"

#include <algorithm>
#include <numeric>

namespace clwb::ui
{

CandidateModel::CandidateModel(std::vector<store::RunRow> rows, const ConfigurationHashes& hashes,
                               std::vector<int64_t> chosen, QObject* parent)
    : QAbstractListModel(parent)
    , m_rows(std::move(rows))
    , m_candidates(candidatesOf(m_rows, hashes))
    , m_chosen(std::move(chosen))
    , m_chosenSet(m_chosen.begin(), m_chosen.end())
{
    m_shown.resize(m_candidates.size());
    std::iota(m_shown.begin(), m_shown.end(), size_t{0});
}

void CandidateModel::setFilter(const RunFilter& filter)
{
    beginResetModel();
    m_shown.clear();
    for (size_t index = 0; index < m_candidates.size(); ++index) {
        if (filter.matches(*m_candidates[index].first))
            m_shown.push_back(index);
    }
    endResetModel();
}

const Candidate& CandidateModel::at(const QModelIndex& index) const
{
    return m_candidates[m_shown[static_cast<size_t>(index.row())]];
}

bool CandidateModel::isChosen(const Candidate& candidate) const
{
    return std::all_of(candidate.runIds.begin(), candidate.runIds.end(),
                       [this](int64_t id) { return m_chosenSet.contains(id); });
}

bool CandidateModel::hasRoomFor(const QModelIndex& index) const
{
    return m_chosen.size() + at(index).runIds.size() <= kMostCompared;
}

int CandidateModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

QVariant CandidateModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Candidate& candidate = at(index);
    if (role == Qt::DisplayRole)
        return candidate.name;
    if (role == DetailRole)
        return candidate.detail;
    if (role == Qt::AccessibleTextRole || role == Qt::ToolTipRole)
        return QString(candidate.name + QStringLiteral(", ") + candidate.detail);
    if (role == Qt::DecorationRole)
        return methodColour(QString::fromStdString(candidate.first->kind),
                            QString::fromStdString(candidate.first->method));
    if (role == Qt::CheckStateRole)
        return isChosen(candidate) ? Qt::Checked : Qt::Unchecked;
    return {};
}

Qt::ItemFlags CandidateModel::flags(const QModelIndex& index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable |
           Qt::ItemNeverHasChildren;
}

bool CandidateModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::CheckStateRole || !checkIndex(index, CheckIndexOption::IndexIsValid))
        return false;
    const bool isWanted = value.toInt() == Qt::Checked;
    if (isWanted && !hasRoomFor(index))
        return false;
    for (const int64_t id : at(index).runIds) {
        if (isWanted && m_chosenSet.insert(id).second)
            m_chosen.push_back(id);
        else if (!isWanted && m_chosenSet.erase(id) > 0)
            std::erase(m_chosen, id);
    }
    Q_EMIT dataChanged(index, index, {Qt::CheckStateRole});
    Q_EMIT chosenChanged();
    return true;
}

} // namespace clwb::ui
