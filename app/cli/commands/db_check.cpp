// SPDX-License-Identifier: GPL-3.0-or-later
// clwb db check: integrity of a project file; nothing is changed.
#include "app/cli/command.h"
#include "app/cli/output.h"
#include "core/base/json.h"
#include "core/store/maintenance.h"

namespace clwb::cli
{
namespace
{

Result<int> runDbCheck(const Arguments& arguments)
{
    const std::string& file = arguments.positionals()[0];
    CLWB_ASSIGN(const store::CheckReport report, store::dbCheck(file));
    CLWB_TRY(writeResult(Json{{"file", file},
                              {"ok", report.ok},
                              {"schema", report.schema},
                              {"runs", report.runs},
                              {"problems", report.problems}}
                             .dump(2) +
                         "\n"));
    if (report.ok)
        return 0;
    return fail(ErrorCode::Corrupt,
                "project is damaged: " + file + ": " + std::to_string(report.problems.size()) +
                    " problems",
                "Save what is readable: clwb db repair " + file);
}

} // namespace

Command describe_db_check()
{
    return {300,
            "db check",
            "Checks a project file completely; changes nothing",
            {{"FILE"}},
            {},
            "Exit status 5 when something is wrong.",
            "clwb db check clwb.db",
            runDbCheck};
}

} // namespace clwb::cli
