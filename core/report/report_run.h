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

/// The run whose state another one took over and trained on (`clwb branch`).
struct BranchedFrom
{
    int64_t runId = 0; ///< 0: it is not in the project (any more)
    int session = 0;   ///< its finished sessions then
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
    std::string labelSpace = "all"; ///< among which classes its UT values were counted: all | seen
    std::string retrievalSet;       ///< name of the study's first retrieval set; "" when unknown
    std::optional<BranchedFrom> branchedFrom; ///< nothing: it began with the start model

    [[nodiscard]] bool isReference() const { return kind != "method"; }
    [[nodiscard]] bool isReported() const { return origin == "paper"; }
    [[nodiscard]] bool isFinished() const { return status == "finished" || status == "reported"; }
    /// Finished sessions when it was last evaluated; nothing where only last values are known.
    [[nodiscard]] std::optional<int> lastSession() const;
};

/// A finished run that another one of the same configuration and seed stands for.
struct ReplacedRun
{
    int64_t runId = 0;
    int64_t countedRun = 0; ///< the later one
    std::optional<int64_t> seed;
};

/// "#59 is not counted: #74 repeats its seed 0".
std::string replacedText(const ReplacedRun& run);
/// The same of several, a text each; of many the first few and how many follow.
std::vector<std::string> replacedTexts(const std::vector<ReplacedRun>& runs);
/// "VR-LwF-WM", "Original CLIP", "Joint-FT"; the run's name where it was only cited.
std::string labelOf(const ReportRun& run);
/// "from #12, session 3": tells a branch apart from a run that began with the start model.
std::string branchText(const BranchedFrom& branch);
/// The value of a numeric or text parameter without JSON's quotes; empty when it isn't there.
std::string paramText(const ReportRun& run, const std::string& key);
/// A column of the paper's tables as the metric of a run: "UT-Acc" is overall accuracy in OST and
/// the mean over sessions in MST (A33); other names stay.
std::string metricName(const ReportRun& run, const std::string& column);
/// What the data were, wherever they lie: the hash of the study's file, or else its path. Empty for
/// reported rows.
std::string studyKeyOf(const ReportRun& run);
/// The metric, if the run has it.
std::optional<double> metricOf(const ReportRun& run, const std::string& name);

} // namespace clwb::report
