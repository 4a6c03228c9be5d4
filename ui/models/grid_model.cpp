// SPDX-License-Identifier: GPL-3.0-or-later
// Cells of a report as an item model.
#include "ui/models/grid_model.h"

#include "ui/bridge/qt_text.h"
#include "ui/models/run_columns.h"
#include "ui/models/run_name.h"

#include <QFont>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

bool isNumber(report::Role role)
{
    return role != report::Role::Text && role != report::Role::Id;
}

/// As all numbers of the window; a hyphen is narrower than a plus sign.
QString withTrueMinus(QString text, report::Role role)
{
    if (isNumber(role) && text.startsWith(u'-'))
        text[0] = QChar(0x2212);
    return text;
}

/// Rows of the paper that nobody has run have none.
std::vector<int64_t> runsOf(const report::Row& row)
{
    std::vector<int64_t> runs = row.runIds;
    std::erase_if(runs, [](int64_t id) { return id <= 0; });
    return runs;
}

} // namespace

QString definitionOf(const report::Column& column)
{
    const QString title = toQt(column.title);
    for (const RunColumn& known : runColumns()) {
        if (known.kind == ColumnKind::Metric && known.title == title)
            return known.definition;
    }
    return {};
}

void GridModel::setGrid(report::Grid grid, std::vector<QColor> swatches)
{
    beginResetModel();
    m_grid = std::move(grid);
    m_swatches = std::move(swatches);
    m_swatches.resize(m_grid.rows.size());
    m_widestSpreads.assign(m_grid.columns.size(), {});
    for (const report::Row& row : m_grid.rows) {
        for (size_t at = 0; at < m_grid.columns.size(); ++at) {
            const QString spread = spreadOf(row, at);
            if (spread.size() > m_widestSpreads[at].size())
                m_widestSpreads[at] = spread;
        }
    }
    endResetModel();
}

QString GridModel::shownValue(const report::Row& row, size_t column) const
{
    const report::Column& shown = m_grid.columns[column];
    const report::Cell& cell = row.cells[column];
    if (shown.role == report::Role::Id && cell.value)
        return runNumber(static_cast<int64_t>(*cell.value));
    return withTrueMinus(toQt(report::displayValue(m_grid, shown, cell)), shown.role);
}

QString GridModel::spreadOf(const report::Row& row, size_t column) const
{
    const report::Cell& cell = row.cells[column];
    const QString text = toQt(report::displaySpread(m_grid, m_grid.columns[column], cell));
    // How many runs the row stands for is said once, at its beginning.
    const bool isOfAll = cell.count == static_cast<int>(row.runIds.size());
    return isOfAll ? text.section(u" ("_s, 0, 0) : text;
}

QString GridModel::runsText(const report::Row& row) const
{
    if (row.isReported || m_grid.columns.front().role == report::Role::Id)
        return {};
    const std::vector<int64_t> runs = runsOf(row);
    if (runs.empty())
        return {};
    return runs.size() == 1 ? runNumber(runs.front()) : tr("%1 runs").arg(runs.size());
}

std::vector<int64_t> GridModel::runsAt(const QModelIndex& index) const
{
    if (!index.isValid())
        return {};
    return runsOf(m_grid.rows[static_cast<size_t>(index.row())]);
}

int GridModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_grid.rows.size());
}

int GridModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_grid.columns.size());
}

bool GridModel::beginsPart(size_t row) const
{
    if (row == 0)
        return false;
    const report::Row& above = m_grid.rows[row - 1];
    const report::Row& here = m_grid.rows[row];
    return above.section != here.section || above.group != here.group;
}

QVariant GridModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const auto row = static_cast<size_t>(index.row());
    const auto at = static_cast<size_t>(index.column());
    const report::Row& line = m_grid.rows[row];
    const report::Column& column = m_grid.columns[at];
    const report::Cell& cell = line.cells[at];
    switch (role) {
    case Qt::DisplayRole:
        return shownValue(line, at);
    case SpreadRole:
        return spreadOf(line, at);
    case RunsRole:
        return at == 0 ? runsText(line) : QString();
    case Qt::AccessibleTextRole:
        return toQt(report::displayText(m_grid, column, cell));
    case WidestSpreadRole:
        return m_widestSpreads[at];
    case Qt::FontRole: {
        QFont font;
        font.setBold(cell.isBest);
        return font;
    }
    case UnderlineRole:
        return cell.isUnderlined();
    case Qt::TextAlignmentRole:
        return static_cast<int>(Qt::AlignVCenter |
                                (isNumber(column.role) ? Qt::AlignRight : Qt::AlignLeft));
    case QuietRole:
        return line.isReported || line.isUnfinished || column.role == report::Role::Reported ||
               column.role == report::Role::Difference;
    case RuleRole:
        return beginsPart(row);
    case SwatchRole:
        return at == 0 && m_swatches[row].isValid() ? QVariant(m_swatches[row]) : QVariant();
    case LinkRole:
        return !runsAt(index).empty();
    case Qt::ToolTipRole:
        return tipOf(line, at);
    default:
        return {};
    }
}

QString GridModel::tipOf(const report::Row& row, size_t column) const
{
    QStringList parts;
    const report::Cell& cell = row.cells[column];
    const QString definition = definitionOf(m_grid.columns[column]);
    if (!definition.isEmpty())
        parts << definition;
    const std::vector<int64_t> runs = runsOf(row);
    const bool isOfAll = cell.count == static_cast<int>(runs.size());
    if (cell.count > 1)
        parts << (isOfAll ? tr("Mean ± sample standard deviation of %1 runs").arg(cell.count)
                          : tr("Mean ± sample standard deviation of %1 values").arg(cell.count));
    if (row.isReported)
        parts << tr("Reported in the paper");
    else if (row.isUnfinished)
        parts << tr("Not finished: takes no part in the comparison");
    if (runs.empty())
        parts << tr("Nobody has run this yet");
    else if (!row.isReported)
        parts << (runs.size() == 1 ? tr("From %1; click to open") : tr("From %1; click to choose"))
                     .arg(runNumbers(runs));
    return parts.join(u'\n');
}

QVariant GridModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 ||
        section >= static_cast<int>(m_grid.columns.size()))
        return {};
    const report::Column& column = m_grid.columns[static_cast<size_t>(section)];
    switch (role) {
    case Qt::DisplayRole:
        return toQt(column.title);
    case OverRole:
        return toQt(column.over);
    case WidestSpreadRole:
        return m_widestSpreads[static_cast<size_t>(section)];
    case Qt::ToolTipRole:
        return definitionOf(column);
    case Qt::AccessibleTextRole:
        return toQt(column.over.empty() ? column.title : column.over + " " + column.title);
    case Qt::TextAlignmentRole:
        return static_cast<int>(Qt::AlignBottom |
                                (isNumber(column.role) ? Qt::AlignRight : Qt::AlignLeft));
    default:
        return {};
    }
}

} // namespace clwb::ui
