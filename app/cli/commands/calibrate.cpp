// SPDX-License-Identifier: GPL-3.0-or-later
// clwb calibrate: is the original model, on this data, the one that the published numbers are of?
#include "core/run/calibrate.h"

#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/progress_console.h"
#include "app/cli/signals.h"
#include "core/base/number_text.h"

#include <algorithm>

namespace clwb::cli
{
namespace
{

Result<int64_t> readCount(const Arguments& arguments, std::string_view option, int64_t fallback,
                          int64_t least)
{
    const auto text = arguments.value(option);
    const auto number = text ? parseInteger(*text) : std::optional<long long>(fallback);
    if (!number || *number < least || *number > 1000000)
        return fail(ErrorCode::Usage, std::string(option) + ": expected a whole number from " +
                                          std::to_string(least) + ", got " + text.value_or(""));
    return *number;
}

Result<int> runCalibrate(const Arguments& arguments)
{
    const auto model = arguments.value("--model");
    const auto study = arguments.value("--study");
    if (!model || !study)
        return fail(ErrorCode::Usage, "clwb calibrate: --model DIR and --study FILE are needed",
                    "See clwb calibrate --help");
    run::CalibrateRequest request;
    request.model = std::filesystem::absolute(*model);
    request.study = std::filesystem::absolute(*study);
    CLWB_ASSIGN(request.batchSize, readCount(arguments, "--batch-size", 100, 1));
    CLWB_ASSIGN(request.threads, readCount(arguments, "--threads", 0, 0));
    request.device = arguments.valueOr("--device", "auto");
    request.stop = stopOnSignals();
    run::Calibration calibration;
    {
        ProgressConsole console(progressMode(arguments));
        request.progress = [&console](int64_t done, int64_t total) {
            console.showWork(static_cast<double>(done) /
                                 static_cast<double>(std::max<int64_t>(total, 1)),
                             "evaluating  " + std::to_string(done) + "/" + std::to_string(total));
        };
        CLWB_ASSIGN(calibration, run::calibrateModel(request));
        for (const std::string& warning : calibration.warnings)
            console.show(run::Warning{warning});
    }
    CLWB_TRY(writeResultTo(arguments.value("--out"),
                           arguments.has("--json")
                               ? report::toJson(calibration.report).dump(2) + "\n"
                               : report::toText(calibration.report)));
    return calibration.report.passed() ? 0 : 1;
}

} // namespace

Command describe_calibrate()
{
    return {
        35,
        "calibrate",
        "Compares the original model with published numbers, before anything is trained",
        {},
        {{"--model", "DIR", "the original model: a directory or file", false, {}},
         {"--study", "FILE", "study to evaluate on", false, {}},
         {"--json", "", "as JSON", false, {}},
         outOption("write the report into this file instead of stdout"),
         {"--batch-size", "N", "pictures at a time (default: 100)", false, {}},
         {"--threads", "N", "0 = all cores", false, {}},
         {"--device", "DEVICE", "auto, cpu or cuda[:N]", false, {}},
         progressOption()},
        "Crops a session against Table I; recalls on COCO (5000 images, whole and in 5 folds) and\n"
        "Flickr30k, UT-Acc and ZS-Acc against OpenAI's ViT-B/32, each to 0.3 points and each\n"
        "deviation with its likely cause. Numbers that the study does not measure are skipped "
        "with\n"
        "the reason; that embeddings are sound and better than guessing is checked on any study.\n"
        "Exit status 1 when something that applies deviates.",
        "clwb calibrate --model resources/mini-clip --study clwb-demo/world/study.json",
        runCalibrate};
}

} // namespace clwb::cli
