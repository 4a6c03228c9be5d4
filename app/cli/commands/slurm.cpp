// SPDX-License-Identifier: GPL-3.0-or-later
// clwb slurm: a sweep as a job-array script for a cluster.
#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/sweep_console.h"
#include "core/run/slurm_script.h"

namespace clwb::cli
{
namespace
{

namespace fs = std::filesystem;

Result<std::vector<std::string>> readOptions(const Arguments& arguments)
{
    std::vector<std::string> options;
    for (const run::SlurmOption& known : run::kSlurmOptions) {
        if (const auto value = arguments.value(known.name)) {
            CLWB_ASSIGN(std::string option,
                        run::sbatchOption(std::string(known.name) + "=" + *value));
            options.push_back(std::move(option));
        }
    }
    for (const std::string& text : arguments.values("--sbatch")) {
        CLWB_ASSIGN(std::string option, run::sbatchOption(text));
        options.push_back(std::move(option));
    }
    return options;
}

Result<int> runSlurm(const Arguments& arguments)
{
    const fs::path file = fs::absolute(arguments.positionals()[0]);
    const spec::SweepOverrides overrides = sweepOverrides(arguments);
    CLWB_ASSIGN(const spec::Sweep sweep, spec::readSweep(file, overrides));
    noteSweep(sweep.notes, sweep.document, sweep.trials.front().spec, arguments);
    run::SlurmJob job = run::slurmJobOf(sweep, fs::read_symlink("/proc/self/exe"), file, overrides,
                                        arguments.valueOr("--results", sweep.name + "-results"));
    CLWB_ASSIGN(job.options, readOptions(arguments));
    if (const auto text = arguments.value("--at-once")) {
        CLWB_ASSIGN(job.atOnce, run::slurmJobsAtOnce(*text));
    }
    CLWB_TRY(writeResultTo(arguments.value("--out"), run::slurmScript(job)));
    writeNote(std::to_string(job.trials.size()) +
              " jobs; when they have ended, bash SCRIPT merge "
              "PROJECT.db collects their runs from " +
              job.results.string());
    return 0;
}

} // namespace

Command describe_slurm()
{
    std::vector<OptionDef> options{
        {"--set", "KEY=VALUE", "a setting of every run, over the file; may be repeated", true, {}},
        {"--preset",
         "NAME",
         "starting values; study: what the study carries",
         false,
         {"paper", "demo", "study"}},
        {"--results", "DIR", "folder that all nodes see (default: NAME-results)", false, {}}};
    for (const run::SlurmOption& known : run::kSlurmOptions)
        options.push_back({known.name, known.value, known.help, false, {}});
    options.push_back({"--sbatch",
                       "OPTION",
                       "any other option of sbatch, as --sbatch=--constraint=a100; may be repeated",
                       true,
                       {}});
    options.push_back({"--at-once", "N", "how many jobs may run at the same time", false, {}});
    options.push_back(outOption("write the script into this file instead of stdout"));
    return {
        16,
        "slurm",
        "Prints a Slurm job-array script that runs a sweep, one trial a job",
        {{"SWEEP.json"}},
        options,
        "A job has two minutes before its time limit to stop with a checkpoint; then it is put\n"
        "back into the queue and goes on. Each trial has a project file of its own, because many\n"
        "nodes must never share one. When all have ended, `bash job.sh merge all.db` imports\n"
        "them, and `clwb sweep` with that project finds every trial done.",
        "clwb slurm sweep.json --time 24:00:00 --gres gpu:1 > job.sh && sbatch job.sh",
        runSlurm};
}

} // namespace clwb::cli
