// SPDX-License-Identifier: GPL-3.0-or-later
// A table of texts and numbers as values: shown in views, copied, written as CSV.
#pragma once

#include <QAbstractTableModel>
#include <QColor>
#include <QString>

#include <optional>
#include <vector>

namespace clwb::ui
{

struct DataColumn
{
    QString key = {};   ///< header of CSV
    QString title = {}; ///< header for people; empty: the key
    QString tip = {};   ///< exact definition
    bool isNumber = false;
};

struct DataCell
{
    enum class Tone {
        Plain,
        Quiet, ///< "–" where there is nothing; empty in CSV
        Good,
        Bad
    };
    QString text = {};                 ///< as people read it
    std::optional<double> number = {}; ///< in full, for CSV and sorting
    Tone tone = Tone::Plain;
    QString tip = {};
    QColor swatch = {}; ///< drawn before the text
    bool isHeading = false;
};

struct DataTable
{
    std::vector<DataColumn> columns;
    std::vector<std::vector<DataCell>> rows; ///< one cell a column
};

DataCell textCell(const QString& text);
/// Shown with equal decimals; "—" and nothing in CSV where there is no finite number.
DataCell numberCell(std::optional<double> number, int decimals = 2);
/// A difference with its sign; good or bad where it is not 0 as shown.
DataCell changeCell(std::optional<double> number, int decimals = 2);
/// "58.03 ± 0.12"; without a spread where `count` < 2.
DataCell spreadCell(double mean, double std, int count, int decimals = 2);

/// RFC 4180, header of keys, numbers in full, empty where missing, texts guarded.
QString csvOf(const DataTable& table);
/// For the clipboard: titles and cells as shown, parted by tabs; and the same as HTML.
QString tabbedOf(const DataTable& table);
QString htmlOf(const DataTable& table);
/// Puts both on the clipboard.
void copyTable(const DataTable& table);
/// Rows become columns; the first column's cells become titles.
DataTable transposed(const DataTable& table);

/// A DataTable in a view. SortRole has numbers before texts; missing values stay last when sorted
/// by DataSortProxy.
class DataTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Role { SortRole = Qt::UserRole + 1 };
    using QAbstractTableModel::QAbstractTableModel;
    /// Keeps the view's place where the shape stays.
    void setTable(DataTable table);
    [[nodiscard]] const DataTable& table() const { return m_table; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    DataTable m_table;
};

} // namespace clwb::ui
