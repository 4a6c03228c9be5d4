// SPDX-License-Identifier: GPL-3.0-or-later
// The job-array script that spreads a sweep over a cluster: one trial a job. A pure function.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace clwb::cli
{

struct SlurmJob
{
    std::string name;               ///< of the sweep
    std::filesystem::path program;  ///< clwb
    std::vector<std::string> sweep; ///< words after `clwb sweep` that name file and settings
    std::vector<int> trials;
    std::filesystem::path results;    ///< folder that every node sees
    std::vector<std::string> options; ///< "--time=24:00:00": for sbatch
    int atOnce = 0;                   ///< jobs that may run at the same time; 0: any number
};

/// A script for sbatch, which `bash SCRIPT merge PROJECT.db` uses again when the jobs have ended.
/// Each trial has a project of its own on the node's disk, copied to its folder when the job ends;
/// its run folder lies in the results. A stopped trial (status 75) is put back into the queue and
/// goes on from its checkpoint.
std::string slurmScript(const SlurmJob& job);

} // namespace clwb::cli
