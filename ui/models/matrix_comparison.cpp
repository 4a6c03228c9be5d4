// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/matrix_comparison.h"

#include <QCoreApplication>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct MatrixText
{
    Q_DECLARE_TR_FUNCTIONS(MatrixComparison)
};

std::optional<double> cellOf(const SessionMatrix& matrix, int after, size_t session)
{
    const auto row = matrix.find(after);
    if (row == matrix.end() || session >= row->second.size())
        return std::nullopt;
    const auto value = row->second[session];
    return value && std::isfinite(*value) ? value : std::nullopt;
}

} // namespace

SessionMatrix meanMatrix(const ComparedEntry& entry)
{
    std::map<int, std::vector<std::vector<double>>> cells;
    for (const report::ReportRun& run : entry.runs) {
        for (const auto& [after, row] : run.matrix) {
            auto& line = cells[after];
            line.resize(std::max(line.size(), row.size()));
            for (size_t session = 0; session < row.size(); ++session) {
                if (row[session])
                    line[session].push_back(*row[session]);
            }
        }
    }
    SessionMatrix matrix;
    for (const auto& [after, line] : cells) {
        for (const std::vector<double>& values : line) {
            const Estimate value = estimateOf(values);
            matrix[after].push_back(value.isKnown() ? std::optional(value.mean) : std::nullopt);
        }
    }
    return matrix;
}

SessionMatrix differenceOf(const SessionMatrix& a, const SessionMatrix& b)
{
    SessionMatrix result;
    for (const auto& [after, row] : a) {
        if (!b.contains(after))
            continue;
        auto& line = result[after];
        for (size_t session = 0; session < row.size(); ++session) {
            const auto left = cellOf(a, after, session);
            const auto right = cellOf(b, after, session);
            line.push_back(left && right ? std::optional(*right - *left) : std::nullopt);
        }
    }
    return result;
}

int columnsOf(const SessionMatrix& matrix)
{
    size_t columns = 0;
    for (const auto& [after, row] : matrix)
        columns = std::max(columns, row.size());
    return static_cast<int>(columns);
}

DataTable finalRowTable(const SessionMatrix& a, const SessionMatrix& b)
{
    DataTable table;
    table.columns = {{.key = u"session"_s, .title = MatrixText::tr("classes of session")},
                     {.key = u"A"_s, .isNumber = true},
                     {.key = u"B"_s, .isNumber = true},
                     {.key = u"B - A"_s, .title = u"B − A"_s, .isNumber = true}};
    const int sessions = std::max(columnsOf(a), columnsOf(b));
    std::vector<double> lefts;
    std::vector<double> rights;
    const auto last = [](const SessionMatrix& matrix, int session) {
        return matrix.empty()
                   ? std::nullopt
                   : cellOf(matrix, matrix.rbegin()->first, static_cast<size_t>(session - 1));
    };
    const auto minus = [](std::optional<double> left, std::optional<double> right) {
        return left && right ? std::optional(*right - *left) : std::nullopt;
    };
    for (int session = 1; session <= sessions; ++session) {
        const auto left = last(a, session);
        const auto right = last(b, session);
        if (left)
            lefts.push_back(*left);
        if (right)
            rights.push_back(*right);
        table.rows.push_back({textCell(MatrixText::tr("session %1").arg(session)),
                              numberCell(left, 1), numberCell(right, 1),
                              changeCell(minus(left, right), 1)});
    }
    const Estimate left = estimateOf(lefts);
    const Estimate right = estimateOf(rights);
    if (!table.rows.empty()) {
        table.rows.push_back({textCell(MatrixText::tr("mean")), numberCell(left.mean, 1),
                              numberCell(right.mean, 1), changeCell(right.mean - left.mean, 1)});
        table.rows.back().front().isHeading = true;
    }
    return table;
}

} // namespace clwb::ui
