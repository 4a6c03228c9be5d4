// SPDX-License-Identifier: GPL-3.0-or-later
// many_runs PROJECT.db COUNT: a new project with that many finished runs over methods, options,
// settings, settings of beta and seeds, each with metrics after eight sessions, and some tags.
#include "core/base/number_text.h"
#include "core/store/finished_run.h"

#include <array>
#include <cstdio>
#include <random>

using namespace clwb;

namespace
{

constexpr int kSessions = 8;
constexpr int kSeeds = 5;
constexpr std::array kMethods{"ft", "lwf", "geodl", "imm", "rkr", "vr-lwf"};
constexpr std::array kOptions{"WM", "IO", "TO"};

store::FinishedRun makeRun(int64_t number, std::mt19937_64& random)
{
    const int64_t configuration = number / kSeeds;
    const std::string method = kMethods[static_cast<size_t>(configuration) % kMethods.size()];
    const std::string option = kOptions[static_cast<size_t>(configuration / 6) % kOptions.size()];
    const bool isOst = configuration / 18 % 4 == 0;
    const double beta = 0.5 * static_cast<double>(1 + configuration / 72 % 20);
    store::FinishedRun run;
    run.name = configuration % 7 == 0 ? "try " + std::to_string(number) : "";
    run.origin = "imported";
    run.sessions = isOst ? 1 : kSessions;
    run.seconds = 60 + static_cast<double>(number % 600);
    run.configurationHash = "configuration-" + std::to_string(configuration);
    run.spec = Json{{"schema", 1},
                    {"name", run.name},
                    {"kind", "method"},
                    {"method", method},
                    {"option", option},
                    {"setting", isOst ? "OST" : "MST"},
                    {"study", "/data/demo/study.json"},
                    {"model", "/models/mini"},
                    {"seed", number % kSeeds},
                    {"params", {{"beta", beta}, {"M", 10}, {"Ks", 100}}}};
    if (number % 3 == 0)
        run.tags = {"batch-" + std::to_string(number % 20)};
    std::normal_distribution<double> noise(0, 1);
    for (int session = 0; session <= run.sessions; ++session) {
        const double share = static_cast<double>(session) / run.sessions;
        auto& values = run.metrics[session];
        values["ZS-Acc"] = 60 - 10 * share + noise(random);
        for (const char* name : {"UT-Acc (overall)", "UT-Acc (session mean)", "A-Acc"})
            values[name] = 40 + 20 * share + noise(random);
        for (const char* name : {"TR@1", "TR@5", "TR@10", "IR@1", "IR@5", "IR@10"})
            values[name] = 50 + noise(random);
        if (session > 0 && !isOst)
            values["Bwt"] = -share + noise(random);
    }
    return run;
}

Result<void> fill(const std::filesystem::path& file, int64_t count)
{
    CLWB_ASSIGN(store::Project project,
                store::Project::open(file, store::OpenMode::CreateIfMissing));
    std::mt19937_64 random(1);
    for (int64_t number = 0; number < count; ++number) {
        if (auto added = store::insertFinishedRun(project, makeRun(number, random)); !added)
            return Failure(added.error());
    }
    return {};
}

} // namespace

int main(int argc, char** argv)
{
    const auto count = argc == 3 ? parseInteger(argv[2]) : std::nullopt;
    if (!count || *count < 1) {
        std::fputs("many_runs PROJECT.db COUNT\n", stderr);
        return 2;
    }
    if (const auto filled = fill(argv[1], static_cast<int64_t>(*count)); !filled) {
        std::fprintf(stderr, "%s\n", filled.error().message.c_str());
        return 1;
    }
    return 0;
}
