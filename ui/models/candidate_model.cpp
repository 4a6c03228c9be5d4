// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/candidate_model.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace clwb::ui
{

CandidateModel::CandidateModel(std::vector<store::RunRow> rows, const ConfigurationHashes& hashes,
                               std::vector<int64_t> chosen, const BranchMap& branches,
                               QObject* parent)
    : QAbstractListModel(parent)
    , m_rows(std::move(rows))
    , m_candidates(candidatesOf(m_rows, hashes, branches))
    , m_chosen(std::move(chosen))
    , m_chosenSet(m_chosen.begin(), m_chosen.end())
{
    m_order.resize(m_candidates.size());
    std::iota(m_order.begin(), m_order.end(), size_t{0});
    const auto key = [this](size_t at) {
        const store::RunRow& run = *m_candidates[at].first;
        const bool isReported = run.status == "reported"; // in the order of the paper
        return std::tuple(!isChosen(m_candidates[at]), isReported,
                          isReported ? run.runId : -run.runId);
    };
    std::sort(m_order.begin(), m_order.end(), [&](size_t a, size_t b) { return key(a) < key(b); });
    m_shown = m_order;
}

void CandidateModel::setFilter(const RunFilter& filter)
{
    beginResetModel();
    m_shown.clear();
    for (const size_t index : m_order) {
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
    if (role == Qt::AccessibleTextRole)
        return QString(candidate.name + QStringLiteral(", ") + candidate.detail);
    if (role == Qt::ToolTipRole)
        return QString(candidate.name + QLatin1Char('\n') + candidate.detail);
    if (role == Qt::DecorationRole)
        return colourOfRun(m_looks, *candidate.first);
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
