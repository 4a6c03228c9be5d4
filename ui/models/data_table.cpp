// SPDX-License-Identifier: GPL-3.0-or-later
// Cells, texts and the item model of a value table.
#include "ui/models/data_table.h"

#include "core/report/csv.h"
#include "ui/bridge/qt_text.h"
#include "ui/shell/theme.h"

#include <QClipboard>
#include <QFont>
#include <QGuiApplication>
#include <QMimeData>
#include <QPalette>

#include <cmath>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

DataCell textCell(const QString& text)
{
    return {.text = text};
}

DataCell numberCell(std::optional<double> number, int decimals)
{
    if (!number || !std::isfinite(*number))
        return {.text = u"—"_s, .tone = DataCell::Tone::Quiet};
    return {.text = numberText(*number, decimals), .number = number};
}

DataCell changeCell(std::optional<double> number, int decimals)
{
    DataCell cell = numberCell(number, decimals);
    if (!cell.number)
        return cell;
    cell.text = changeText(*number, decimals);
    const double shown = std::round(*number * std::pow(10.0, decimals));
    cell.tone = shown > 0   ? DataCell::Tone::Good
                : shown < 0 ? DataCell::Tone::Bad
                            : DataCell::Tone::Quiet;
    return cell;
}

DataCell spreadCell(double mean, double std, int count, int decimals)
{
    DataCell cell = numberCell(mean, decimals);
    if (cell.number && count > 1)
        cell.text += u" ± "_s + numberText(std, decimals);
    return cell;
}

QString csvOf(const DataTable& table)
{
    report::CsvWriter csv;
    for (const DataColumn& column : table.columns)
        csv.text(fromQt(column.key));
    csv.endRow();
    for (const auto& row : table.rows) {
        for (size_t at = 0; at < table.columns.size() && at < row.size(); ++at) {
            if (table.columns[at].isNumber || row[at].number)
                csv.number(row[at].number);
            else if (row[at].tone == DataCell::Tone::Quiet)
                csv.empty();
            else
                csv.text(fromQt(row[at].text));
        }
        csv.endRow();
    }
    return toQt(csv.take());
}

namespace
{

QString titleOf(const DataColumn& column)
{
    return column.title.isEmpty() ? column.key : column.title;
}

} // namespace

QString tabbedOf(const DataTable& table)
{
    QStringList titles;
    for (const DataColumn& column : table.columns)
        titles << titleOf(column);
    QString text = titles.join(u'\t') + u'\n';
    for (const auto& row : table.rows) {
        QStringList cells;
        for (const DataCell& cell : row)
            cells << QString(cell.text).replace(u'\t', u' ').replace(u'\n', u' ');
        text += cells.join(u'\t') + u'\n';
    }
    return text;
}

QString htmlOf(const DataTable& table)
{
    QString html = u"<table><tr>"_s;
    for (const DataColumn& column : table.columns)
        html += u"<th>"_s + titleOf(column).toHtmlEscaped() + u"</th>"_s;
    html += u"</tr>"_s;
    for (const auto& row : table.rows) {
        html += u"<tr>"_s;
        for (const DataCell& cell : row)
            html += u"<td>"_s + cell.text.toHtmlEscaped() + u"</td>"_s;
        html += u"</tr>"_s;
    }
    return html + u"</table>"_s;
}

void copyTable(const DataTable& table)
{
    auto* copied = new QMimeData;
    copied->setText(tabbedOf(table));
    copied->setHtml(htmlOf(table));
    QGuiApplication::clipboard()->setMimeData(copied);
}

DataTable transposed(const DataTable& table)
{
    DataTable result;
    if (table.columns.empty())
        return result;
    result.columns.push_back({.key = table.columns.front().key});
    for (const auto& row : table.rows)
        result.columns.push_back({.key = row.front().text, .tip = row.front().tip});
    for (size_t at = 1; at < table.columns.size(); ++at) {
        std::vector<DataCell> line{textCell(titleOf(table.columns[at]))};
        line.front().tip = table.columns[at].tip;
        for (const auto& row : table.rows)
            line.push_back(row[at]);
        result.rows.push_back(std::move(line));
    }
    return result;
}

void DataTableModel::setTable(DataTable table)
{
    const bool isSameShape =
        table.rows.size() == m_table.rows.size() && table.columns.size() == m_table.columns.size();
    if (!isSameShape || table.rows.empty()) {
        beginResetModel();
        m_table = std::move(table);
        endResetModel();
        return;
    }
    m_table = std::move(table);
    Q_EMIT headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
    Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

int DataTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_table.rows.size());
}

int DataTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_table.columns.size());
}

QVariant DataTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const DataColumn& column = m_table.columns[static_cast<size_t>(index.column())];
    const DataCell& cell =
        m_table.rows[static_cast<size_t>(index.row())][static_cast<size_t>(index.column())];
    switch (role) {
    case Qt::DisplayRole:
        return cell.text;
    case Qt::ToolTipRole:
        return cell.tip.isEmpty() ? column.tip : cell.tip;
    case Qt::TextAlignmentRole:
        return QVariant(column.isNumber ? Qt::AlignRight | Qt::AlignVCenter
                                        : Qt::AlignLeft | Qt::AlignVCenter);
    case Qt::DecorationRole:
        return cell.swatch.isValid() ? QVariant(cell.swatch) : QVariant();
    case Qt::ForegroundRole: {
        const Theme& theme = themeOf(QGuiApplication::palette());
        switch (cell.tone) {
        case DataCell::Tone::Quiet:
            return theme.muted;
        case DataCell::Tone::Good:
            return theme.good;
        case DataCell::Tone::Bad:
            return theme.bad;
        case DataCell::Tone::Plain:
            break;
        }
        return {};
    }
    case Qt::FontRole: {
        if (!cell.isHeading)
            return {};
        QFont font = QGuiApplication::font();
        font.setWeight(QFont::DemiBold);
        return font;
    }
    case SortRole:
        return cell.number ? QVariant(*cell.number)
                           : QVariant(column.isNumber ? QString() : cell.text);
    default:
        return {};
    }
}

QVariant DataTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const DataColumn& column = m_table.columns[static_cast<size_t>(section)];
    if (role == Qt::DisplayRole)
        return titleOf(column);
    if (role == Qt::ToolTipRole)
        return column.tip;
    if (role == Qt::TextAlignmentRole)
        return QVariant(column.isNumber ? Qt::AlignRight | Qt::AlignVCenter
                                        : Qt::AlignLeft | Qt::AlignVCenter);
    return {};
}

} // namespace clwb::ui
