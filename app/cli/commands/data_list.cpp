// SPDX-License-Identifier: GPL-3.0-or-later
// clwb data list: the items a study selects, one a line.
#include "core/data/data_list.h"

#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/signals.h"
#include "core/base/number_text.h"

namespace clwb::cli
{
namespace
{

Result<int> runList(const Arguments& arguments)
{
    const auto what = arguments.value("--what");
    if (!what)
        return fail(ErrorCode::Usage, "clwb data list: --what is missing",
                    "See clwb data list --help");
    std::optional<uint64_t> shuffleSeed;
    if (const auto seed = arguments.value("--shuffle")) {
        const auto number = parseInteger(*seed);
        if (!number || *number < 0)
            return fail(ErrorCode::Usage,
                        "--shuffle: expected a whole number from 0, got " + *seed);
        if (*what != "captions")
            return fail(ErrorCode::Usage, "--shuffle goes with --what captions only");
        shuffleSeed = static_cast<uint64_t>(*number);
    }
    CLWB_ASSIGN(const spec::Study study, spec::readStudy(arguments.positionals()[0]));
    CLWB_ASSIGN(const std::string lines,
                data::listItems(study, *what, shuffleSeed, stopOnSignals()));
    CLWB_TRY(writeResultTo(arguments.value("--out"), lines));
    return 0;
}

} // namespace

Command describe_data_list()
{
    return {174,
            "data list",
            "Lists the items a study selects: id path x0 y0 x1 y1 class session, with tabs between",
            {{"STUDY.json"}},
            {{"--what",
              "WHAT",
              "which items",
              false,
              {"ut-train", "ut-val", "ut-test", "zs", "zs-val", "retrieval", "captions"}},
             {"--shuffle",
              "SEED",
              "captions with their words shuffled, as the evaluation does",
              false,
              {}},
             outOption("write into this file instead of stdout")},
            "Captions are lines of image_id and text.",
            "clwb data list clwb-demo/world/study.json --what ut-train",
            runList};
}

} // namespace clwb::cli
