// SPDX-License-Identifier: GPL-3.0-or-later
// clwb db repair: what a damaged project still holds, in a new file.
#include "app/cli/command.h"
#include "app/cli/output.h"
#include "core/base/json.h"
#include "core/store/maintenance.h"

#include <filesystem>

namespace clwb::cli
{
namespace
{

// "study.db" → "study-repaired.db"
std::filesystem::path repairedName(const std::filesystem::path& file)
{
    std::filesystem::path name = file.stem();
    name += "-repaired";
    name += file.extension();
    return file.parent_path() / name;
}

Result<int> runRepair(const Arguments& arguments)
{
    const std::filesystem::path file = arguments.positionals()[0];
    const auto given = arguments.value("--out");
    const std::filesystem::path target = given ? std::filesystem::path(*given) : repairedName(file);
    CLWB_ASSIGN(const store::RepairReport report, store::dbRepair(file, target));
    CLWB_TRY(writeResult(Json{{"file", file.string()},
                              {"repaired", target.string()},
                              {"runs_found", report.runsFound},
                              {"runs_recovered", report.runsRecovered},
                              {"rows_recovered", report.rowsRecovered},
                              {"rows_refused", report.rowsRefused},
                              {"notes", report.notes}}
                             .dump(2) +
                         "\n"));
    return 0;
}

} // namespace

Command describe_db_repair()
{
    return {310,
            "db repair",
            "Copies everything readable of a damaged project into a new file",
            {{"FILE"}},
            {outOption("new file (default: NAME-repaired.db beside FILE)")},
            "The damaged file is only read.",
            "clwb db repair clwb.db --out saved.db",
            runRepair};
}

} // namespace clwb::cli
