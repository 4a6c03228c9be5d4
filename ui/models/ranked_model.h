// SPDX-License-Identifier: GPL-3.0-or-later
// What one model ranked for a query, as an item model: pictures or captions, the best first.
#pragma once

#include "core/store/details.h"

#include <QAbstractListModel>

#include <vector>

namespace clwb::ui
{

class RankedListModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role {
        RankRole = Qt::UserRole + 1, ///< from 1
        ScoreRole,
        ShareRole, ///< 0…1, length of the score's bar
        RelevantRole,
        ImageIdRole
    };
    using QAbstractListModel::QAbstractListModel;

    /// Texts of pictures are their files, where they are known.
    /// @param topScore whose bar is full, so that two lists can share a scale
    void setCandidates(std::vector<store::RankedCandidate> candidates, bool areCaptions,
                       double topScore);
    [[nodiscard]] const std::vector<store::RankedCandidate>& candidates() const
    {
        return m_candidates;
    }
    [[nodiscard]] bool areCaptions() const { return m_areCaptions; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

private:
    std::vector<store::RankedCandidate> m_candidates;
    bool m_areCaptions = false;
    double m_topScore = 1;
};

} // namespace clwb::ui
