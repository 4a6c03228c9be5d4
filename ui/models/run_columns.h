// SPDX-License-Identifier: GPL-3.0-or-later
// The columns of the run list: one table of title, definition, value and order.
#pragma once

#include "core/store/project.h"

#include <QString>
#include <QVariant>

#include <functional>
#include <optional>
#include <vector>

namespace clwb::ui
{

enum class ColumnKind { Swatch, Text, Number, Metric, Tags, Time };

struct RunColumn
{
    QString id = {};         ///< remembered in settings
    QString title = {};      ///< shown in the header
    QString definition = {}; ///< tooltip: exact meaning and protocol
    ColumnKind kind = ColumnKind::Text;
    bool isShown = true; ///< until the user chooses
    int width = 80;
    /// What is sorted by; numbers before texts, missing values always last.
    std::function<QVariant(const store::RunRow&)> value = {};
    /// Metric and Number: the number itself.
    std::function<std::optional<double>(const store::RunRow&)> number = {};
    /// Metric: its name in v_metric, which depends on the run's setting.
    std::function<std::string(const store::RunRow&)> metric = {};
    int decimals = 2;
    bool isLargerBetter = true;
};

const std::vector<RunColumn>& runColumns();
int columnOf(const QString& id);
/// Text of a number column's cell: "—" for a metric without a value.
QString numberCellText(const RunColumn& column, std::optional<double> number);
/// Text of a cell with the value after the last session.
QString cellText(const RunColumn& column, const store::RunRow& run);
/// What the status cell says: "session 5/8", "stopped 3/8" (finished sessions), "reported".
QString statusText(const store::RunRow& run);
/// Whether the run ended before its time, so that it can go on.
bool canContinue(const store::RunRow& run);

} // namespace clwb::ui
