// SPDX-License-Identifier: GPL-3.0-or-later
// clwb data check: counts of a study and everything wrong with its data.
#include "core/data/data_check.h"

#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/progress_console.h"
#include "app/cli/signals.h"
#include "core/run/cache_folder.h"
#include "core/spec/study.h"

#include <algorithm>
#include <thread>

namespace clwb::cli
{
namespace
{

Result<int> runDataCheck(const Arguments& arguments)
{
    CLWB_ASSIGN(const spec::Study study, spec::readStudy(arguments.positionals()[0]));
    data::CheckReport report;
    {
        ProgressConsole console(progressMode(arguments));
        data::CheckOptions options;
        options.deep = arguments.has("--deep");
        options.checkMemory = run::checkedImagesFile();
        options.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
        options.progress = [&console](int64_t done, int64_t total) {
            console.showWork(total > 0 ? static_cast<double>(done) / static_cast<double>(total) : 0,
                             "decoding  " + std::to_string(done) + "/" + std::to_string(total));
        };
        CLWB_ASSIGN(report, data::checkStudy(study, options, stopOnSignals()));
    }
    if (const auto file = arguments.value("--problems"))
        CLWB_TRY(writeResultTo(file, data::problemsCsv(report)));
    CLWB_TRY(writeResult(arguments.has("--json") ? data::toJson(report).dump(2) + "\n"
                                                 : data::toText(report)));
    if (!report.failure)
        return 0;
    const int64_t errors = report.count(data::Problem::Severity::Error);
    return fail(*report.failure,
                "study " + study.file.string() + " cannot be run: " + std::to_string(errors) +
                    (errors == 1 ? " error" : " errors"),
                "The report lists them; --problems FILE writes all of them.");
}

} // namespace

Command describe_data_check()
{
    return {172,
            "data check",
            "Counts a study's items and lists missing, bad and contradicting data",
            {{"STUDY.json"}},
            {{"--deep", "", "decode every image", false, {}},
             {"--json", "", "as JSON", false, {}},
             {"--problems", "FILE.csv", "write every problem into this file", false, {}},
             progressOption()},
            "Counts are compared with the paper's Table I where the classes are the paper's.\n"
            "Exit status 3 when the data cannot be used.",
            "clwb data check clwb-demo/world/study.json --deep",
            runDataCheck};
}

} // namespace clwb::cli
