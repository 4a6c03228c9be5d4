// SPDX-License-Identifier: GPL-3.0-or-later
// The starter project: the paper's reported numbers as reference rows.
#include "core/store/starter.h"

#include "core/base/file.h"
#include "core/base/sha256.h"
#include "core/store/finished_run.h"
#include "core/store/sqlite.h"

#include <sqlite3.h>

#include <unistd.h>

namespace fs = std::filesystem;

namespace clwb::store
{
namespace
{

/// Puts "params.M" into nested objects; a value that is no JSON stays text.
void setDotted(Json& object, const std::string& key, const std::string& text)
{
    const size_t dot = key.find('.');
    if (dot != std::string::npos) {
        setDotted(object[key.substr(0, dot)], key.substr(dot + 1), text);
        return;
    }
    auto value = parseJson(text, key);
    object[key] = value ? std::move(*value) : Json(text);
}

FinishedRun finishedRun(const ReportedRun& reported)
{
    FinishedRun run;
    run.uid = reportedUid(reported);
    run.name = reported.name;
    run.origin = "paper";
    run.status = "reported";
    run.notes = reported.source;
    run.sessions = reported.session;
    run.spec = Json{{"kind", reported.kind},
                    {"method", reported.method},
                    {"option", reported.option},
                    {"setting", reported.setting}};
    for (const auto& [key, text] : reported.params)
        setDotted(run.spec, key, text);
    run.metrics[reported.session] = reported.metrics;
    return run;
}

} // namespace

std::string reportedUid(const ReportedRun& run)
{
    std::string identity = "paper\n" + run.source + "\n" + run.kind + "\n" + run.method + "\n" +
                           run.option + "\n" + run.setting + "\n" + run.name;
    for (const auto& [key, text] : run.params)
        identity += "\n" + key + "=" + text;
    return sha256Hex(identity).substr(0, 32);
}

Result<int64_t> addReportedRuns(const fs::path& file, const std::vector<ReportedRun>& runs)
{
    CLWB_ASSIGN(Project project, Project::open(file, OpenMode::CreateIfMissing));
    int64_t added = 0;
    for (const ReportedRun& run : runs) {
        CLWB_ASSIGN(
            const auto known,
            project.database().integer("SELECT run_id FROM run WHERE uid = ?", reportedUid(run)));
        if (known)
            continue;
        CLWB_TRY(insertFinishedRun(project, finishedRun(run)));
        ++added;
    }
    return added;
}

Result<void> createStarterProject(const fs::path& file, const std::vector<ReportedRun>& runs)
{
    std::error_code failure;
    if (fs::exists(file, failure))
        return fail(ErrorCode::Usage, "starter project " + file.string() + " exists already",
                    "give another name or remove it first");
    fs::path temporary = file;
    temporary += ".tmp-" + std::to_string(::getpid());
    fs::remove(temporary, failure);
    const auto added = addReportedRuns(temporary, runs);
    Result<void> sealed = added ? sealProject(temporary) : Failure(added.error());
    if (sealed && ::rename(temporary.c_str(), file.c_str()) != 0)
        sealed = Failure(systemError("cannot create", file));
    if (!sealed)
        fs::remove(temporary, failure);
    return sealed;
}

Result<void> sealProject(const fs::path& file)
{
    CLWB_ASSIGN(Database database, Database::open(file, Access::ReadWrite));
    // VACUUM works through an attached file of its own, which connections otherwise refuse.
    sqlite3_limit(database.handle(), SQLITE_LIMIT_ATTACHED, 1);
    return database.execute("PRAGMA journal_mode=DELETE; VACUUM");
}

} // namespace clwb::store
