// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/ranked_model.h"

#include "ui/bridge/qt_text.h"
#include "ui/models/query_list_model.h"

#include <algorithm>

namespace clwb::ui
{

void RankedListModel::setCandidates(std::vector<store::RankedCandidate> candidates,
                                    bool areCaptions, double topScore)
{
    beginResetModel();
    m_candidates = std::move(candidates);
    m_areCaptions = areCaptions;
    m_topScore = topScore;
    endResetModel();
}

int RankedListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_candidates.size());
}

QVariant RankedListModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const store::RankedCandidate& candidate = m_candidates[static_cast<size_t>(index.row())];
    const QString score = numberText(candidate.score, 3);
    switch (role) {
    case Qt::DisplayRole:
        return toQt(candidate.text);
    case Qt::AccessibleTextRole: {
        const QString what =
            candidate.text.empty() ? tr("picture %1").arg(candidate.imageId) : toQt(candidate.text);
        return (candidate.isRelevant ? tr("rank %1, true: %2, score %3")
                                     : tr("rank %1: %2, score %3"))
            .arg(candidate.rank + 1)
            .arg(what, score);
    }
    case Qt::ToolTipRole: {
        QString tip = candidate.text.empty() ? QString() : toQt(candidate.text) + u'\n';
        tip += tr("rank %1, cosine %2").arg(candidate.rank + 1).arg(score);
        return plainTip(candidate.isRelevant ? tip + u'\n' + tr("true") : tip);
    }
    case RankRole:
        return QVariant::fromValue<qint64>(candidate.rank + 1);
    case ScoreRole:
        return candidate.score;
    case ShareRole:
        return m_topScore > 0 ? std::clamp(candidate.score / m_topScore, 0.0, 1.0) : 0.0;
    case RelevantRole:
        return candidate.isRelevant;
    case ImageIdRole:
        return QVariant::fromValue<qint64>(candidate.imageId);
    default:
        return {};
    }
}

} // namespace clwb::ui
