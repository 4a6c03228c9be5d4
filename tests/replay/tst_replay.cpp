// SPDX-License-Identifier: GPL-3.0-or-later
// Short runs of every method, option, setting and variant, each replayed from its trace.
// By hand: tst_replay [--clwb PROGRAM] [PART OF A NAME]
#include "tests/replay/replay_workplace.h"

namespace
{

using namespace clwb;
using namespace clwb::test;

void compare(const RunCase& run, const std::string& id, Process& process,
             ReplayWorkplace& workplace)
{
    const Outcome outcome = process.wait();
    if (outcome.status != 0) {
        report(false, __FILE__, __LINE__, run.name + ": the run failed: " + outcome.err);
        return;
    }
    const auto findings =
        replay::replayRun(workplace.requestOf(run, id), workplace.study(run.scene));
    if (!findings)
        report(false, __FILE__, __LINE__, run.name + ": " + findings.error().message);
    else
        report(findings->empty(), __FILE__, __LINE__, run.name + ":\n" + findings->text());
}

/// The next run is computed while the one before is replayed.
void replaysEveryRun(const std::string& program, const std::string& part)
{
    ReplayWorkplace workplace(program);
    std::vector<RunCase> cases;
    for (const RunCase& run : replayCases()) {
        if (run.name.find(part) != std::string::npos)
            cases.push_back(run);
    }
    CHECK(!cases.empty());
    std::unique_ptr<Process> next;
    for (size_t i = 0; i < cases.size(); ++i) {
        std::unique_ptr<Process> process =
            next ? std::move(next) : workplace.start(cases[i], std::to_string(i));
        // Two at a time would write the first rows of the project at once.
        process->wait();
        if (i + 1 < cases.size())
            next = workplace.start(cases[i + 1], std::to_string(i + 1));
        compare(cases[i], std::to_string(i), *process, workplace);
    }
    std::cerr << cases.size() << " runs replayed" << std::endl;
}

} // namespace

int main(int argc, char** argv)
{
    std::string program = clwbProgram();
    std::string part;
    for (int i = 1; i < argc; ++i) {
        if (std::string(argv[i]) == "--clwb" && i + 1 < argc)
            program = argv[++i];
        else
            part = argv[i];
    }
    replaysEveryRun(program, part);
    return result();
}
