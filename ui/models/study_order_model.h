// SPDX-License-Identifier: GPL-3.0-or-later
// The class order of a study while it is edited: rows are moved by dragging or by keys, sessions
// are counts of neighbouring rows.
#pragma once

#include "core/run/study_contents.h"

#include <QAbstractTableModel>

#include <string>
#include <vector>

class QUndoStack;

namespace clwb::ui
{

class StudyOrderModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Session, Name, Train, Test, ColumnCount };
    /// Rows, and how many of them each session has.
    struct State
    {
        std::vector<int> order; ///< row → class
        std::vector<int> sizes;
        bool operator==(const State&) const = default;
    };
    /// @param undo takes every change; one of an earlier study does nothing when undone
    StudyOrderModel(QUndoStack& undo, QObject* parent);

    void setClasses(std::vector<run::StudyClass> classes);
    [[nodiscard]] const State& state() const { return m_state; }
    [[nodiscard]] bool isChanged() const { return m_state != m_first; }
    /// Keys of the classes, session by session.
    [[nodiscard]] std::vector<std::vector<std::string>> sessions() const;

    /// Moves rows, in their order, before the row `target` as it is now.
    /// @return the first of them afterwards
    int moveRowsTo(std::vector<int> rows, int target);
    void sortByName();
    /// @param sizes positive; their sum is the number of classes
    void setSizes(std::vector<int> sizes, const QString& title);
    /// Equal parts; where they do not divide, the first sessions have one more.
    void setEqualParts(int sessions);
    void returnToStudy();

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    [[nodiscard]] Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
    [[nodiscard]] QStringList mimeTypes() const override;
    [[nodiscard]] QMimeData* mimeData(const QModelIndexList& indexes) const override;
    bool dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                      const QModelIndex& parent) override;

Q_SIGNALS:
    void changed();
    void rowsMovedTo(int first, int count); ///< by a drop: what to select

private:
    friend class OrderCommand;
    void change(State to, const QString& title);
    void apply(const State& state);
    [[nodiscard]] int sessionOf(int row) const; ///< from 1

    QUndoStack& m_undo;
    std::vector<run::StudyClass> m_classes;
    State m_state, m_first;
    int m_generation = 0; ///< of the study
};

} // namespace clwb::ui
