// SPDX-License-Identifier: GPL-3.0-or-later
// A table of core/report as an item model: what is written in a cell, and how it is marked.
#pragma once

#include "core/report/grid.h"

#include <QAbstractTableModel>
#include <QColor>

#include <vector>

namespace clwb::ui
{

class GridModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Role {
        SpreadRole = Qt::UserRole + 1, ///< "± 0.12", "± 0.12 (2)" where not all runs have it
        WidestSpreadRole,              ///< the longest of the column: all values end before it
        UnderlineRole,
        QuietRole,  ///< a reported or unfinished row, or a number of the paper: shown muted
        RuleRole,   ///< a line above: another section or group begins
        SwatchRole, ///< colour of the row's method; first column only
        OverRole,   ///< header: the heading above it and its neighbours
        LinkRole,   ///< whether runs stand behind the cell
        RunsRole,   ///< first column: "#73", "3 runs"
    };

    using QAbstractTableModel::QAbstractTableModel;

    /// @param swatches one a row; an invalid colour draws nothing
    void setGrid(report::Grid grid, std::vector<QColor> swatches);
    [[nodiscard]] const report::Grid& grid() const { return m_grid; }
    /// The runs behind a cell: those of its row.
    [[nodiscard]] std::vector<int64_t> runsAt(const QModelIndex& index) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    [[nodiscard]] QString spreadOf(const report::Row& row, size_t column) const;
    [[nodiscard]] QString shownValue(const report::Row& row, size_t column) const;
    [[nodiscard]] QString runsText(const report::Row& row) const;
    [[nodiscard]] QString tipOf(const report::Row& row, size_t column) const;
    [[nodiscard]] bool beginsPart(size_t row) const;

    report::Grid m_grid;
    std::vector<QColor> m_swatches;
    std::vector<QString> m_widestSpreads; ///< one a column
};

/// Exact meaning of a column of the paper's tables, for its tooltip; empty for other columns.
QString definitionOf(const report::Column& column);

} // namespace clwb::ui
