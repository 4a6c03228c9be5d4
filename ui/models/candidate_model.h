// SPDX-License-Identifier: GPL-3.0-or-later
// Runs that can be added to a comparison: one line a configuration, with a check mark.
#pragma once

#include "ui/models/comparison_choice.h"
#include "ui/models/run_filter.h"
#include "ui/models/run_looks.h"

#include <QAbstractListModel>

#include <set>

namespace clwb::ui
{

class CandidateModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role { DetailRole = Qt::UserRole + 1 };
    CandidateModel(std::vector<store::RunRow> rows, const ConfigurationHashes& hashes,
                   std::vector<int64_t> chosen, const BranchMap& branches = {},
                   QObject* parent = nullptr);

    /// Whose colours the lines have; without, those of their methods.
    void setLooks(const RunLooks* looks) { m_looks = looks; }
    void setFilter(const RunFilter& filter);
    /// In the order in which they were chosen.
    [[nodiscard]] const std::vector<int64_t>& chosen() const { return m_chosen; }
    [[nodiscard]] int total() const { return static_cast<int>(m_candidates.size()); }
    /// Whether the line's runs still fit under kMostCompared.
    [[nodiscard]] bool hasRoomFor(const QModelIndex& index) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

Q_SIGNALS:
    void chosenChanged();

private:
    [[nodiscard]] const Candidate& at(const QModelIndex& index) const;
    [[nodiscard]] bool isChosen(const Candidate& candidate) const;

    const RunLooks* m_looks = nullptr;
    std::vector<store::RunRow> m_rows;
    std::vector<Candidate> m_candidates;
    std::vector<size_t> m_order; ///< into m_candidates: first chosen ones, then own, newest first
    std::vector<size_t> m_shown; ///< those of m_order that the filter lets through
    std::vector<int64_t> m_chosen;
    std::set<int64_t> m_chosenSet;
};

} // namespace clwb::ui
