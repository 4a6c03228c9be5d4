// SPDX-License-Identifier: GPL-3.0-or-later
// Parameters of several configurations side by side, only those that differ when asked.
#pragma once

#include "core/base/json.h"
#include "ui/models/comparison.h"
#include "ui/models/data_table.h"

namespace clwb::ui
{

enum class WhichParameters { Differing, All };

/// One row a parameter ("β", "optimizer.lr"), then one a metric; one column a configuration.
/// A parameter differs when two configurations have unequal values; one that has it and one that
/// has it not differ too. Seeds and names never count: they tell samples apart, not configurations.
DataTable parameterTable(const std::vector<const ComparedEntry*>& entries, WhichParameters which);
/// Puts program, commit, libraries and computer of a run beside its parameters, as environment.*.
/// The command line stays out: it repeats the parameters.
void addEnvironment(const Json& environment, report::ReportRun& run);
/// How many parameters are the same in all of them.
int equalParameters(const std::vector<const ComparedEntry*>& entries);

/// A metric that can be compared.
struct ComparedMetric
{
    std::string column; ///< "UT-Acc", "Bwt"
    QString title;
    QString definition;
    bool isPoints = false; ///< a change in points, not per cent
};
const std::vector<ComparedMetric>& comparedMetrics();

} // namespace clwb::ui
