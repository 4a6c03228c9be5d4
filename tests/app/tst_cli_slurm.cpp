// SPDX-License-Identifier: GPL-3.0-or-later
// clwb slurm: the printed script is good bash, runs its trial, puts stopped ones back, and merges.
#include "tests/app/sweep_place.h"

#include <cstdlib>

namespace
{

using namespace clwb;
using namespace clwb::test;
namespace fs = std::filesystem;

const SweepPlace& place()
{
    static const SweepPlace made;
    return made;
}

Outcome bash(std::vector<std::string> words, const std::map<std::string, std::string>& environment)
{
    words.insert(words.begin(), "/bin/bash");
    Setup setup = place().setup();
    for (const auto& [name, value] : environment)
        setup.environment[name] = value;
    return Process(words, setup).wait();
}

// What a node offers: srun runs its words, or says that they stopped; scontrol writes its own down.
std::map<std::string, std::string> node(int task)
{
    const fs::path tools = place().path() / "tools";
    if (!fs::exists(tools)) {
        fs::create_directories(tools);
        std::ofstream(tools / "srun") << "#!/bin/bash\nif [ -e stop ]; then exit 75; fi\n"
                                         "shift\nexec \"$@\"\n";
        std::ofstream(tools / "scontrol") << "#!/bin/bash\necho \"$@\" >> requeued\n";
        for (const char* tool : {"srun", "scontrol"})
            fs::permissions(tools / tool, fs::perms::owner_all);
    }
    const fs::path disk = place().path() / ("disk-" + std::to_string(task));
    fs::create_directories(disk);
    return {{"PATH", tools.string() + ":" + std::getenv("PATH")},
            {"SLURM_ARRAY_TASK_ID", std::to_string(task)},
            {"SLURM_ARRAY_JOB_ID", "77"},
            {"SLURM_JOB_ID", "78"},
            {"SLURM_TMPDIR", disk.string()}};
}

void printsAnArrayScript()
{
    // Trial 2 comes to the same as trial 1: the array has no job for it.
    place().write("table's.json", Json{{"base", SweepPlace::base()},
                                       {"mode", "list"},
                                       {"list",
                                        {{{"method", "ft"}},
                                         {{"method", "ft"}, {"option", "WM"}},
                                         {{"method", "ft"}, {"seed", 1}}}}});
    const Outcome outcome =
        place().run({"slurm", "table's.json", "--set", "study=study/study.json", "--time",
                     "01:00:00", "--gres", "gpu:1", "--at-once", "4", "--sbatch=--constraint=a b",
                     "--results", "all results", "--out", "job.sh"});
    CHECK_EQUAL(outcome.status, 0);
    CHECK(contains(outcome.err, "2 jobs"));
    const std::string script = readAll(place().path() / "job.sh");
    for (const char* line :
         {"#!/bin/bash\n", "\n#SBATCH --array=0-1%4\n", "\n#SBATCH --signal=USR1@120\n",
          "\n#SBATCH --requeue\n", "\n#SBATCH --open-mode=append\n", "\n#SBATCH --time=01:00:00\n",
          "\n#SBATCH --gres=gpu:1\n", "\n#SBATCH --constraint=a b\n", "\ntrials=(1 3)\n",
          "\n#SBATCH --job-name=clwb-table_s\n"})
        CHECK(contains(script, line));
    CHECK_EQUAL(bash({"-n", "job.sh"}, {}).status, 0);
    const Outcome bad = place().run({"slurm", "table's.json", "--time", "1\n#SBATCH --wrap=x"});
    CHECK_EQUAL(bad.status, 2);
    CHECK_EQUAL(bad.out, "");
}

void stoppedTrialsAreQueuedAgain()
{
    std::ofstream(place().path() / "stop") << "";
    CHECK_EQUAL(bash({"job.sh"}, node(1)).status, 75);
    CHECK_EQUAL(readAll(place().path() / "requeued"), "requeue 77_1\n");
    fs::remove(place().path() / "stop");
}

void jobsRunTheirTrialAndMerge()
{
    for (const int task : {0, 1}) {
        const Outcome job = bash({"job.sh"}, node(task));
        CHECK_EQUAL(job.status, 0);
        CHECK_EQUAL(linesOf(job.out).size(), 1U);
        CHECK(fs::is_empty(place().path() / ("disk-" + std::to_string(task))));
    }
    const fs::path results = place().path() / "all results";
    CHECK(fs::exists(results / "trial-3" / "trial.db"));
    CHECK(fs::exists(results / "trial-3" / "run" / "trial-3" / "model"));
    // Once more: the trial is done.
    CHECK_EQUAL(bash({"job.sh"}, node(1)).status, 0);
    CHECK_EQUAL(place().runs("all results/trial-3/trial.db").size(), 1U);

    CHECK_EQUAL(bash({"job.sh", "merge", "all.db"}, {}).status, 0);
    const auto rows = place().runs("all.db");
    CHECK_EQUAL(rows.size(), 2U);
    const Outcome complete =
        place().run({"sweep", "table's.json", "--db", "all.db", "--progress", "plain"});
    CHECK_EQUAL(complete.status, 0);
    CHECK(contains(complete.err, "2 runs, 2 done"));
    CHECK_EQUAL(place().runs("all.db").size(), 2U);
}

} // namespace

int main()
{
    RUN_CASE(printsAnArrayScript);
    RUN_CASE(stoppedTrialsAreQueuedAgain);
    RUN_CASE(jobsRunTheirTrialAndMerge);
    return result();
}
