// SPDX-License-Identifier: GPL-3.0-or-later
// clwb db backup: a consistent copy of a project while others use it.
#include "app/cli/command.h"
#include "app/cli/output.h"
#include "core/base/json.h"
#include "core/base/number_text.h"
#include "core/store/maintenance.h"

#include <algorithm>
#include <filesystem>

namespace clwb::cli
{
namespace
{

// "study.db" → "study-2026-01-31T120000Z.db": sorts by time, and is a legal name everywhere.
std::filesystem::path backupName(const std::filesystem::path& file)
{
    std::string time = utcNowText();
    time = time.substr(0, time.find('.')) + "Z";
    std::erase(time, ':');
    return file.parent_path() / (file.stem().string() + "-" + time + file.extension().string());
}

Result<int> runBackup(const Arguments& arguments)
{
    const std::filesystem::path file = arguments.positionals()[0];
    const auto given = arguments.value("--out");
    const std::filesystem::path target = given ? std::filesystem::path(*given) : backupName(file);
    CLWB_TRY(store::dbBackup(file, target));
    CLWB_TRY(writeResult(Json{{"file", file.string()}, {"backup", target.string()}}.dump() + "\n"));
    return 0;
}

} // namespace

Command describe_db_backup()
{
    return {320,
            "db backup",
            "Copies a project consistently, also while programs are writing to it",
            {{"FILE"}},
            {outOption("new file (default: NAME-TIME.db beside FILE)")},
            "",
            "clwb db backup clwb.db --out backup.db",
            runBackup};
}

} // namespace clwb::cli
