// SPDX-License-Identifier: GPL-3.0-or-later
// clwb data make-demo: renders the demo world.
#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/progress_console.h"
#include "app/cli/signals.h"
#ifdef CLWB_WITH_DEMO
#include "core/demo/demo_world.h"
#endif

namespace clwb::cli
{
namespace
{

#ifdef CLWB_WITH_DEMO
Result<int> runMakeDemo(const Arguments& arguments)
{
    ProgressConsole console(progressMode(arguments));
    const auto progress = [&console](int done, int total) {
        console.showWork(total > 0 ? static_cast<double>(done) / total : 0.0,
                         "rendering pictures  " + std::to_string(done) + "/" +
                             std::to_string(total));
    };
    CLWB_ASSIGN(const demo::DemoSummary summary,
                demo::makeDemoWorld(arguments.positionals()[0], stopOnSignals(), progress));
    CLWB_TRY(writeResult(Json{{"study", summary.study.string()},
                              {"sessions", summary.sessions},
                              {"classes", summary.classes},
                              {"zero_shot_classes", summary.zeroShotClasses},
                              {"zero_shot_validation_classes", summary.zeroShotValidationClasses},
                              {"train_crops", summary.trainCrops},
                              {"validation_crops", summary.validationCrops},
                              {"test_crops", summary.testCrops},
                              {"retrieval_scenes", summary.retrievalScenes},
                              {"images", summary.images},
                              {"seconds", summary.seconds}}
                             .dump() +
                         "\n"));
    return 0;
}
#else
Result<int> runMakeDemo(const Arguments&)
{
    return fail(ErrorCode::Usage, "this clwb was built without OpenCV: it renders no pictures",
                "Render the world with a full build and copy its folder here.");
}
#endif

} // namespace

Command describe_data_make_demo()
{
    return {170,
            "data make-demo",
            "Renders the demo world: pictures, boxes, captions and study.json",
            {{"DIR"}},
            {progressOption()},
            "DIR must be empty or not exist. The same version renders the same bytes everywhere.",
            "clwb data make-demo demo-world",
            runMakeDemo};
}

} // namespace clwb::cli
