// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/slurm_script.h"

#include "app/common/shell_words.h"

#include <cctype>

namespace clwb::cli
{
namespace
{

// sbatch reads its lines itself, without a shell: only letters that mean nothing to it.
std::string plainName(const std::string& name)
{
    std::string plain;
    for (const char c : name)
        plain += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' ? c : '_';
    return plain.empty() ? "sweep" : plain;
}

std::string arrayOf(const SlurmJob& job)
{
    const std::string limit = job.atOnce > 0 ? "%" + std::to_string(job.atOnce) : "";
    return "0-" + std::to_string(job.trials.size() - 1) + limit;
}

std::string joined(const std::vector<int>& numbers)
{
    std::string text;
    for (const int number : numbers)
        text += (text.empty() ? "" : " ") + std::to_string(number);
    return text;
}

constexpr const char* kBody = R"sh(
set -u

# bash THIS_SCRIPT merge PROJECT.db: all results into one project, once the jobs have ended.
if [ "${1:-}" = merge ]; then
    exec "$clwb" import "$results"/trial-*/trial.db --db "${2:?name the project file}"
fi

trial=${trials[${SLURM_ARRAY_TASK_ID:?submit this script with sbatch}]}
folder=$results/trial-$trial
# Nodes never share a project file: each trial has its own, on the node's disk while it runs.
node=${SLURM_TMPDIR:-${TMPDIR:-/tmp}}/clwb-${SLURM_JOB_ID:-$$}-$trial
mkdir -p "$folder" "$node"
if [ -f "$folder/trial.db" ]; then
    cp "$folder/trial.db" "$node/trial.db"
else
    # Files of an attempt whose node died before its project was saved.
    rm -rf "$folder/run"
fi

save() {
    if [ -f "$node/trial.db" ]; then
        rm -f "$folder/trial.db.new"
        "$clwb" db backup "$node/trial.db" --out "$folder/trial.db.new" >/dev/null &&
            mv "$folder/trial.db.new" "$folder/trial.db"
    fi
}
# A node that dies takes its disk along.
(while sleep 600; do save; done) &
saver=$!
trap 'kill "$saver" 2>/dev/null; rm -rf "$node"' EXIT

# srun no longer takes the number of cores from sbatch.
[ -z "${SLURM_CPUS_PER_TASK:-}" ] || export SRUN_CPUS_PER_TASK=$SLURM_CPUS_PER_TASK
# srun: the signal before the time limit goes to the step, which stops with a checkpoint.
srun --ntasks=1 "$clwb" sweep "${sweep[@]}" --trials "$trial" --retry-failed \
    --db "$node/trial.db" --out "$folder/run" --progress plain
status=$?

kill "$saver" 2>/dev/null
wait "$saver" 2>/dev/null
save
if [ "$status" -eq 75 ]; then
    scontrol requeue "${SLURM_ARRAY_JOB_ID:-$SLURM_JOB_ID}_$SLURM_ARRAY_TASK_ID"
fi
exit "$status"
)sh";

} // namespace

std::string slurmScript(const SlurmJob& job)
{
    const std::string name = plainName(job.name);
    std::string text = "#!/bin/bash\n"
                       "#SBATCH --job-name=clwb-" +
                       name +
                       "\n"
                       "#SBATCH --array=" +
                       arrayOf(job) +
                       "\n"
                       "#SBATCH --signal=USR1@120\n"
                       "#SBATCH --requeue\n"
                       "#SBATCH --open-mode=append\n"
                       "#SBATCH --output=clwb-" +
                       name + "-%a.log\n";
    for (const std::string& option : job.options)
        text += "#SBATCH " + option + "\n";
    text += "\nclwb=" + app::shellQuoted(job.program.string()) + "\nsweep=(";
    for (size_t i = 0; i < job.sweep.size(); ++i)
        text += (i > 0 ? " " : "") + app::shellQuoted(job.sweep[i]);
    text += ")\ntrials=(" + joined(job.trials) +
            ")\nresults=" + app::shellQuoted(job.results.string()) + "\n";
    return text + kBody;
}

} // namespace clwb::cli
