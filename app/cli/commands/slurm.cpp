// SPDX-License-Identifier: GPL-3.0-or-later
// clwb slurm: a sweep as a job-array script for a cluster.
#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/slurm_script.h"
#include "app/cli/sweep_console.h"
#include "core/base/number_text.h"

#include <algorithm>
#include <array>

namespace clwb::cli
{
namespace
{

namespace fs = std::filesystem;

/// Options that are handed to sbatch under their own name.
constexpr std::array kHandedOn{"--time",          "--partition", "--account",
                               "--cpus-per-task", "--mem",       "--gres"};

// A line of its own for sbatch: nothing in it may begin another one.
Result<std::string> sbatchOption(const std::string& text)
{
    const bool hasControl = std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
    if (hasControl || !text.starts_with("--") || text.size() < 3)
        return fail(ErrorCode::Usage,
                    "--sbatch: expected an option like --constraint=a100, got " + text);
    return text;
}

Result<std::vector<std::string>> readOptions(const Arguments& arguments)
{
    std::vector<std::string> options;
    for (const char* name : kHandedOn) {
        if (const auto value = arguments.value(name)) {
            CLWB_ASSIGN(std::string option, sbatchOption(std::string(name) + "=" + *value));
            options.push_back(std::move(option));
        }
    }
    for (const std::string& text : arguments.values("--sbatch")) {
        CLWB_ASSIGN(std::string option, sbatchOption(text));
        options.push_back(std::move(option));
    }
    return options;
}

// Jobs start in a folder of their own, so relative paths of --set are made absolute.
std::string settledSet(const std::string& set)
{
    for (const std::string key : {"study=", "model="}) {
        if (!set.starts_with(key) || set.size() == key.size())
            continue;
        const std::string text = set.substr(key.size());
        const auto parsed = parseJson(text, key);
        const bool isText = parsed && parsed->is_string();
        return key + fs::absolute(isText ? parsed->get<std::string>() : text).string();
    }
    return set;
}

Result<int> runSlurm(const Arguments& arguments)
{
    const fs::path file = fs::absolute(arguments.positionals()[0]);
    CLWB_ASSIGN(const spec::Sweep sweep, spec::readSweep(file, sweepOverrides(arguments)));
    noteSweep(sweep.notes, sweep.document, sweep.trials.front().spec, arguments);
    SlurmJob job;
    job.name = sweep.name;
    job.program = fs::read_symlink("/proc/self/exe");
    job.sweep = {file.string()};
    if (const auto preset = arguments.value("--preset"))
        job.sweep.insert(job.sweep.end(), {"--preset", *preset});
    for (const std::string& set : arguments.values("--set"))
        job.sweep.insert(job.sweep.end(), {"--set", settledSet(set)});
    for (const spec::Trial& trial : sweep.trials)
        job.trials.push_back(trial.number);
    job.results =
        fs::absolute(arguments.valueOr("--results", sweep.name + "-results")).lexically_normal();
    CLWB_ASSIGN(job.options, readOptions(arguments));
    if (const auto text = arguments.value("--at-once")) {
        const auto number = parseInteger(*text);
        if (!number || *number < 1 || *number > 100000)
            return fail(ErrorCode::Usage,
                        "--at-once: expected a whole number from 1, got " + *text);
        job.atOnce = static_cast<int>(*number);
    }
    CLWB_TRY(writeResultTo(arguments.value("--out"), slurmScript(job)));
    writeNote(std::to_string(job.trials.size()) +
              " jobs; when they have ended, bash SCRIPT merge "
              "PROJECT.db collects their runs from " +
              job.results.string());
    return 0;
}

} // namespace

Command describe_slurm()
{
    return {
        16,
        "slurm",
        "Prints a Slurm job-array script that runs a sweep, one trial a job",
        {{"SWEEP.json"}},
        {{"--set", "KEY=VALUE", "a setting of every run, over the file; may be repeated", true, {}},
         {"--preset",
          "NAME",
          "starting values; study: what the study carries",
          false,
          {"paper", "demo", "study"}},
         {"--results", "DIR", "folder that all nodes see (default: NAME-results)", false, {}},
         {"--time", "TIME", "time limit of a job", false, {}},
         {"--partition", "NAME", "where to queue", false, {}},
         {"--account", "NAME", "whom to charge", false, {}},
         {"--cpus-per-task", "N", "cores of a job", false, {}},
         {"--mem", "SIZE", "memory of a job", false, {}},
         {"--gres", "LIST", "further resources: gpu:1", false, {}},
         {"--sbatch",
          "OPTION",
          "any other option of sbatch, as --sbatch=--constraint=a100; may be repeated",
          true,
          {}},
         {"--at-once", "N", "how many jobs may run at the same time", false, {}},
         outOption("write the script into this file instead of stdout")},
        "A job has two minutes before its time limit to stop with a checkpoint; then it is put\n"
        "back into the queue and goes on. Each trial has a project file of its own, because many\n"
        "nodes must never share one. When all have ended, `bash job.sh merge all.db` imports\n"
        "them, and `clwb sweep` with that project finds every trial done.",
        "clwb slurm sweep.json --time 24:00:00 --gres gpu:1 > job.sh && sbatch job.sh",
        runSlurm};
}

} // namespace clwb::cli
