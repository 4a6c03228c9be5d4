// SPDX-License-Identifier: GPL-3.0-or-later
// Accuracy by class of two configurations, before and after, and how they differ.
#pragma once

#include "core/metrics/evaluation_record.h"
#include "ui/models/data_table.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace clwb::ui
{

/// Session-end test records of one run, by session.
using RunRecords = std::map<int, metrics::EvaluationRecord>;

/// What a class's accuracy after the last session is compared with.
enum class Since {
    Training, ///< the model before any training (session 0)
    Learned   ///< just after the class's own session; zero-shot classes: before training
};

struct ClassAccuracy
{
    std::optional<double> before, after; ///< per cent, mean over the seeds that have it
    [[nodiscard]] std::optional<double> change() const;
};

struct ComparedClass
{
    std::string name;
    int session = 0; ///< 0: of the zero-shot set, never trained
    ClassAccuracy a, b;
    /// b.after − a.after
    [[nodiscard]] std::optional<double> difference() const;
};

/// Classes in the study's order, then the zero-shot ones. A class that only one side has is there
/// too. Counted in each record's own label space.
/// @param a,b records of the seeds of each configuration
std::vector<ComparedClass> compareClasses(const std::vector<RunRecords>& a,
                                          const std::vector<RunRecords>& b, Since since);

/// Which classes a table holds.
enum class ClassSet { All, Trained, ZeroShot };
/// Columns: class, session, before, after and change of A and of B, difference of the two.
DataTable classTable(const std::vector<ComparedClass>& classes, const QString& labelA,
                     const QString& labelB, Since since, ClassSet set);

} // namespace clwb::ui
