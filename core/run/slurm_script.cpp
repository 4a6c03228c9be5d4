// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/slurm_script.h"

#include "core/base/json.h"
#include "core/base/number_text.h"
#include "core/base/shell_words.h"

#include <algorithm>
#include <cctype>

namespace fs = std::filesystem;

namespace clwb::run
{
namespace
{

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

Result<int> slurmJobsAtOnce(const std::string& text)
{
    const auto number = parseInteger(text);
    if (!number || *number < 1 || *number > 100000)
        return fail(ErrorCode::Usage, "--at-once: expected a whole number from 1, got " + text);
    return static_cast<int>(*number);
}

std::string slurmName(const std::string& name)
{
    // sbatch reads its lines itself, without a shell: only letters that mean nothing to it.
    std::string plain;
    for (const char c : name)
        plain += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' ? c : '_';
    return plain.empty() ? "sweep" : plain;
}

SlurmJob slurmJobOf(const spec::Sweep& sweep, const fs::path& program, const fs::path& file,
                    const spec::SweepOverrides& overrides, const fs::path& results)
{
    SlurmJob job;
    job.name = sweep.name;
    job.program = program;
    job.sweep = {fs::absolute(file).string()};
    if (!overrides.preset.empty())
        job.sweep.insert(job.sweep.end(), {"--preset", overrides.preset});
    for (const std::string& set : overrides.sets)
        job.sweep.insert(job.sweep.end(), {"--set", settledSet(set)});
    for (const spec::Trial& trial : sweep.trials)
        job.trials.push_back(trial.number);
    job.results = fs::absolute(results).lexically_normal();
    return job;
}

std::string slurmScript(const SlurmJob& job)
{
    const std::string name = slurmName(job.name);
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
    for (size_t i = 0; i < job.setup.size(); ++i)
        text += (i == 0 ? "\n" : "") + job.setup[i] + "\n";
    text += "\nclwb=" + shellQuoted(job.program.string()) + "\nsweep=(";
    for (size_t i = 0; i < job.sweep.size(); ++i)
        text += (i > 0 ? " " : "") + shellQuoted(job.sweep[i]);
    text += ")\ntrials=(" + joined(job.trials) + ")\nresults=" + shellQuoted(job.results.string()) +
            "\n";
    return text + kBody;
}

} // namespace clwb::run
