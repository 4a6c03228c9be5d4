// SPDX-License-Identifier: GPL-3.0-or-later
// clwb show: everything about one run.
#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/project_access.h"
#include "app/cli/run_text.h"

namespace clwb::cli
{
namespace
{

Result<int> runShow(const Arguments& arguments)
{
    CLWB_ASSIGN(const store::Project project, openProject(arguments, store::OpenMode::ReadOnly));
    CLWB_ASSIGN(const int64_t id, project.findRun(arguments.positionals()[0]));
    CLWB_ASSIGN(const Json spec, project.resolvedSpec(id));
    if (arguments.has("--spec")) {
        CLWB_TRY(writeResult(spec.dump(2) + "\n"));
        return 0;
    }
    CLWB_ASSIGN(const store::RunRow row, project.run(id));
    CLWB_ASSIGN(const std::vector<std::string> warnings, project.warnings(id));
    CLWB_ASSIGN(const Json environment, project.environment(id));
    if (!arguments.has("--json")) {
        CLWB_ASSIGN(const auto rows, project.runs());
        CLWB_TRY(writeResult(runDetails(row, warnings, branchText(spec, rows)) +
                             provenanceText(environment, spec)));
        return 0;
    }
    Json document = runJson(row);
    document["warnings"] = warnings;
    for (const char* key : {"branched_from", "data_manifest"}) {
        if (spec.is_object() && spec.contains(key))
            document[key] = spec.at(key);
    }
    document["environment"] = environment;
    CLWB_TRY(writeResult(document.dump(2) + "\n"));
    return 0;
}

} // namespace

Command describe_show()
{
    return {120,
            "show",
            "Shows a run: state, warnings, files, measures after its last evaluated session",
            {{"RUN"}},
            {dbOption(),
             {"--spec", "", "print the resolved specification instead", false, {}},
             {"--json", "", "as JSON", false, {}}},
            "RUN is a run number or a unique name.",
            "clwb show 3 --spec > again.json",
            runShow};
}

} // namespace clwb::cli
