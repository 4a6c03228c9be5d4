// SPDX-License-Identifier: GPL-3.0-or-later
// clwb pretrain: contrastive pre-training of a small CLIP.
#include "core/run/pretrain.h"

#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/progress_console.h"
#include "app/cli/progress_text.h"
#include "app/cli/signals.h"
#include "core/base/json.h"
#include "core/base/number_text.h"

namespace clwb::cli
{
namespace
{

std::string reportText(const run::PretrainReport& report)
{
    return "step " + std::to_string(report.step) + "/" + std::to_string(report.steps) + "  loss " +
           fixedText(report.loss, 3) + "  in-batch accuracy " + fixedText(report.accuracy, 1) +
           " %  " +
           durationText(report.secondsPerStep * static_cast<double>(report.steps - report.step)) +
           " left";
}

Result<int> runPretrain(const Arguments& arguments)
{
    ProgressConsole console(progressMode(arguments));
    const auto show = [&console](const run::PretrainReport& report) {
        const double steps = report.steps > 0 ? static_cast<double>(report.steps) : 1.0;
        console.showWork(static_cast<double>(report.step) / steps, reportText(report));
    };
    CLWB_ASSIGN(const std::filesystem::path model,
                run::pretrainModel(arguments.positionals()[0], show, stopOnSignals()));
    CLWB_TRY(writeResult(Json{{"status", "finished"}, {"model", model.string()}}.dump() + "\n"));
    return 0;
}

} // namespace

Command describe_pretrain()
{
    return {250,
            "pretrain",
            "Trains a CLIP model from scratch on pictures with captions",
            {{"SPEC.json"}},
            {progressOption()},
            "This is how the demo's model was made. A stopped training goes on where it was when\n"
            "the same command is given again.",
            "clwb pretrain resources/mini-clip/pretrain.json",
            runPretrain};
}

} // namespace clwb::cli
