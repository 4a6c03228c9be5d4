// SPDX-License-Identifier: GPL-3.0-or-later
// A run as tables and plots see it: plain values, whatever file they came from.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace clwb::report
{

/// Crops of one session of the study.
struct SessionCrops
{
    int session = 0;
    std::vector<std::string> classes;
    std::optional<int64_t> train;
    std::optional<int64_t> test;
};

struct ReportRun
{
    // The columns of v_run.
    int64_t runId = 0;
    std::string uid;
    std::string name;
    std::string kind = "method"; ///< method | original | joint
    std::string method, option, setting;
    std::string status = "finished";
    std::optional<int64_t> seed;
    std::string createdUtc, finishedUtc;
    std::optional<double> seconds;
    std::string study, model;
    std::string origin = "local"; ///< local | paper | imported

    std::string configuration; ///< hash; equal for runs that differ by seed only. May be empty.
    std::map<std::string, std::string> params; ///< dotted key → JSON text
    /// After the last evaluated session, names of v_metric; per cent.
    std::map<std::string, double> metrics;
    /// After each evaluated session (0 = before training).
    std::map<int, std::map<std::string, double>> series;
    /// Accuracy on each session of the study after a session; [after_session] → [session − 1].
    std::map<int, std::vector<std::optional<double>>> matrix;
    std::vector<SessionCrops> sessions;

    [[nodiscard]] bool isReference() const { return kind != "method"; }
    [[nodiscard]] bool isReported() const { return origin == "paper"; }
};

/// "VR-LwF-WM", "Original CLIP", "Joint-FT"; the run's name where it was only cited.
std::string labelOf(const ReportRun& run);
/// The value of a numeric or text parameter without JSON's quotes; empty when it isn't there.
std::string paramText(const ReportRun& run, const std::string& key);
/// The metric, if the run has it.
std::optional<double> metricOf(const ReportRun& run, const std::string& name);

} // namespace clwb::report
