// SPDX-License-Identifier: GPL-3.0-or-later
// A sweep of the project as a Slurm job: what is asked for, checked and written, as values.
#pragma once

#include "core/run/slurm_script.h"
#include "core/store/project.h"

#include <QString>
#include <QStringList>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace clwb::ui
{

/// What the project knows of a sweep that nodes shall run.
struct ClusterSweep
{
    int64_t sweepId = 0;
    spec::Sweep sweep;       ///< name, trials and the document that nodes read
    std::vector<int> toDo;   ///< numbers of trials that neither have a result nor run just now
    QStringList sharedFiles; ///< studies and models, which nodes must find under the same path
};
/// Reader's thread. @param sweepId nothing: the newest sweep that is no search
/// Errors: Usage (no such sweep, a search), Data (trials that no file can hold), Corrupt.
Result<ClusterSweep> readClusterSweep(const store::Project& project,
                                      std::optional<int64_t> sweepId);

/// Fields of the form as they were typed.
struct ClusterForm
{
    QString program;                        ///< clwb on the nodes
    QString results;                        ///< folder that all nodes see
    std::map<std::string, QString> options; ///< by name, as in run::kSlurmOptions
    QString further;                        ///< other options of sbatch, one a line
    QString atOnce;
    QString setup; ///< shell lines to run first
    bool onlyToDo = true;

    /// What is wrong with a field ("program", "results", "--time", …, "further", "at-once",
    /// "setup"), as a sentence; empty when nothing is.
    [[nodiscard]] QString problemOf(const std::string& field) const;
    [[nodiscard]] bool isValid() const;
    /// CHECK: isValid().
    [[nodiscard]] run::SlurmJob jobFor(const ClusterSweep& sweep) const;
};

/// Where the trials are written for the nodes: in the folder of the results.
std::filesystem::path sweepFileIn(const std::filesystem::path& results);

/// Writes the trials and then the script, each completely or not at all. Thread: any.
/// Errors: Usage (the folder belongs to another sweep), Data, DiskFull.
Result<void> saveClusterJob(const ClusterSweep& sweep, const run::SlurmJob& job,
                            const std::filesystem::path& script);

} // namespace clwb::ui
