// SPDX-License-Identifier: GPL-3.0-or-later
// Sessions and their classes with counts, beside the paper's Table I; zero-shot and retrieval sets
// below.
#pragma once

#include "ui/models/study_view.h"

#include <QAbstractItemModel>

#include <memory>

namespace clwb::ui
{

class StudyTreeModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Column { Name, Train, Validation, Test, PaperTrain, PaperTest, ColumnCount };
    using QAbstractItemModel::QAbstractItemModel;

    void setStudy(std::shared_ptr<const StudyView> study);
    /// Nothing for a retrieval set.
    [[nodiscard]] std::optional<StudyChoice> choiceAt(const QModelIndex& index) const;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    /// A row without parent: all, a session, a set.
    struct Top
    {
        QString title;
        std::optional<StudyChoice> choice;
        std::vector<int> classes; ///< children, in their own list
        std::optional<int64_t> train, validation, test, paperTrain, paperTest;
    };
    struct Counts
    {
        std::optional<int64_t> train, validation, test, paperTrain, paperTest;
    };
    [[nodiscard]] Counts countsAt(const QModelIndex& index) const;
    [[nodiscard]] QString titleAt(const QModelIndex& index) const;
    [[nodiscard]] static bool isTop(const QModelIndex& index) { return index.internalId() == 0; }
    void addSessions();
    void addSets();

    std::shared_ptr<const StudyView> m_study;
    std::vector<Top> m_tops;
};

} // namespace clwb::ui
