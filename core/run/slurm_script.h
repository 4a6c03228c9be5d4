// SPDX-License-Identifier: GPL-3.0-or-later
// The job-array script that spreads a sweep over a cluster: one trial a job. Pure functions.
#pragma once

#include "core/base/error.h"
#include "core/spec/sweep.h"

#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace clwb::run
{

/// An option that is handed to sbatch under its own name.
struct SlurmOption
{
    const char* name;  ///< "--time"
    const char* value; ///< what it takes, for help: "TIME"
    const char* help;
};
inline constexpr std::array<SlurmOption, 6> kSlurmOptions{
    {{"--time", "TIME", "time limit of a job"},
     {"--partition", "NAME", "where to queue"},
     {"--account", "NAME", "whom to charge"},
     {"--cpus-per-task", "N", "cores of a job"},
     {"--mem", "SIZE", "memory of a job"},
     {"--gres", "LIST", "further resources: gpu:1"}}};

struct SlurmJob
{
    std::string name;               ///< of the sweep
    std::filesystem::path program;  ///< clwb
    std::vector<std::string> sweep; ///< words after `clwb sweep` that name file and settings
    std::vector<int> trials;
    std::filesystem::path results;    ///< folder that every node sees
    std::vector<std::string> options; ///< "--time=24:00:00": for sbatch
    int atOnce = 0;                   ///< jobs that may run at the same time; 0: any number
    std::vector<std::string> setup;   ///< shell lines before anything else, such as `module load`
};

/// A line of its own for sbatch: nothing in it may begin another one.
/// @param text "--constraint=a100"  Errors: Usage.
Result<std::string> sbatchOption(const std::string& text);
/// How many jobs may run at the same time. Errors: Usage on anything but 1…100000.
Result<int> slurmJobsAtOnce(const std::string& text);

/// What a sweep is called in names of files and jobs: letters, digits, `-`, `.` and `_`.
std::string slurmName(const std::string& name);

/// A job a trial of the sweep; options, jobs at once and setup lines are the caller's to add.
/// Jobs start in a folder of their own, so relative paths become absolute: those of the file, of
/// the results and of the settings `study` and `model`.
/// @param program clwb as the nodes find it
/// @param file the sweep was read from
/// @param overrides it was read with
SlurmJob slurmJobOf(const spec::Sweep& sweep, const std::filesystem::path& program,
                    const std::filesystem::path& file, const spec::SweepOverrides& overrides,
                    const std::filesystem::path& results);

/// A script for sbatch, which `bash SCRIPT merge PROJECT.db` uses again when the jobs have ended.
/// Each trial has a project of its own on the node's disk, copied to its folder when the job ends;
/// its run folder lies in the results. A stopped trial (status 75) is put back into the queue and
/// goes on from its checkpoint.
std::string slurmScript(const SlurmJob& job);

} // namespace clwb::run
