// SPDX-License-Identifier: GPL-3.0-or-later
// clwb list: the runs of a project as an aligned table.
#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/project_access.h"
#include "app/cli/run_text.h"

#include <algorithm>

namespace clwb::cli
{
namespace
{

Result<int> runList(const Arguments& arguments)
{
    CLWB_ASSIGN(const store::Project project, openProject(arguments, store::OpenMode::ReadOnly));
    CLWB_ASSIGN(std::vector<store::RunRow> rows, selectRuns(project, arguments));
    const auto status = arguments.value("--status");
    const auto tag = arguments.value("--tag");
    std::erase_if(rows, [&](const store::RunRow& row) {
        return (status && row.status != *status) ||
               (tag && std::find(row.tags.begin(), row.tags.end(), *tag) == row.tags.end());
    });
    if (arguments.has("--json")) {
        Json list = Json::array();
        for (const store::RunRow& row : rows)
            list.push_back(runJson(row));
        CLWB_TRY(writeResult(list.dump(2) + "\n"));
        return 0;
    }
    CLWB_TRY(writeResult(runTable(rows)));
    return 0;
}

} // namespace

Command describe_list()
{
    return {110,
            "list",
            "Lists the runs of a project",
            {},
            {dbOption(),
             {"--origin",
              "WHAT",
              "only runs of this origin",
              false,
              {"local", "paper", "imported", "all"}},
             {"--status",
              "STATUS",
              "only runs in this state",
              false,
              {"queued", "running", "stopped", "interrupted", "failed", "finished", "reported"}},
             {"--tag", "TAG", "only runs with this tag", false, {}},
             {"--json", "", "as a JSON array", false, {}}},
            "",
            "clwb list --db experiments.db --origin paper",
            runList};
}

} // namespace clwb::cli
