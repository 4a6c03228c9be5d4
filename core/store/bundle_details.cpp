// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/bundle_details.h"

#include "core/base/file.h"
#include "core/store/details.h"
#include "core/store/run_rows.h"
#include "core/store/schema.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace fs = std::filesystem;

namespace clwb::store
{
namespace
{

constexpr char kScratchName[] = ".clwb-details";
constexpr int kScratchTries = 100;

/// Whether the process that made the folder is gone; one of another host is taken for alive for a
/// day.
bool isAbandoned(const fs::path& folder)
{
    const std::string name = folder.filename().string();
    if (!isTemporaryOf(name, kScratchName))
        return false;
    const size_t number = sizeof(kScratchName) - 1 + std::string_view(".tmp-").size();
    pid_t process = 0;
    const auto [end, failed] =
        std::from_chars(name.data() + number, name.data() + name.size(), process);
    if (failed != std::errc() || process <= 0)
        return false;
    std::error_code failure;
    const auto changed = fs::last_write_time(folder, failure);
    return !failure && fs::file_time_type::clock::now() - changed > std::chrono::hours(24) &&
           ::kill(process, 0) != 0 && errno == ESRCH;
}

void removeAbandoned(const fs::path& parent)
{
    std::error_code failure;
    std::vector<fs::path> found;
    for (fs::directory_iterator entry(parent, failure), end; !failure && entry != end;
         entry.increment(failure)) {
        if (isAbandoned(entry->path()))
            found.push_back(entry->path());
    }
    for (const fs::path& folder : found)
        fs::remove_all(folder, failure);
}

/// A row that the details can belong to; everything else of the run travels as text.
Result<int64_t> insertBareRun(Database& database, const RunRow& run)
{
    RunColumns columns;
    columns.uid = run.uid;
    columns.name = run.name;
    columns.status = "finished";
    columns.origin = "imported";
    return insertRun(database, columns);
}

/// Lets a new file grow to no more than that; reaching it is as a full disk.
Result<void> limitBytes(Database& database, uint64_t bytes)
{
    CLWB_ASSIGN(const auto page, database.integer("PRAGMA page_size"));
    const uint64_t pages = bytes / static_cast<uint64_t>(std::max<int64_t>(page.value_or(0), 512));
    return database.execute("PRAGMA max_page_count=" +
                            std::to_string(std::max<uint64_t>(pages, 1)));
}

} // namespace

Result<ScratchFolder> ScratchFolder::create(const fs::path& parent)
{
    const fs::path place = fs::absolute(parent);
    removeAbandoned(place);
    for (int tried = 1;; ++tried) {
        ScratchFolder folder;
        const fs::path path = temporaryName(place / kScratchName);
        if (::mkdir(path.c_str(), 0700) == 0) {
            folder.m_path = path;
            return folder;
        }
        // A killed process of the same number can have left that name.
        if (errno != EEXIST || tried == kScratchTries)
            return Failure(systemError("cannot make a temporary folder in", parent));
    }
}

ScratchFolder::ScratchFolder(ScratchFolder&& other) noexcept
    : m_path(std::exchange(other.m_path, {}))
{}

ScratchFolder::~ScratchFolder()
{
    std::error_code ignored;
    if (!m_path.empty())
        fs::remove_all(m_path, ignored);
}

Result<std::optional<BundledDetails>> gatherDetails(const Project& project,
                                                    const std::vector<int64_t>& runIds,
                                                    const fs::path& parent, uint64_t maxBytes)
{
    std::set<int64_t> wanted;
    for (const int64_t runId : runIds) {
        CLWB_ASSIGN(const DetailIndex index, detailIndex(project, runId));
        if (!index.predictions.empty() || !index.retrieval.empty())
            wanted.insert(runId);
    }
    if (wanted.empty())
        return std::optional<BundledDetails>();
    CLWB_ASSIGN(ScratchFolder folder, ScratchFolder::create(parent));
    const fs::path file = folder.path() / kBundleDetailsName;
    BundledDetails gathered{std::move(folder), file, {}, {}};
    CLWB_TRY(createSchema(file));
    CLWB_ASSIGN(Database database, Database::open(file, Access::ReadWrite));
    CLWB_TRY(limitBytes(database, std::min(maxBytes, freeBytes(parent) / 2)));
    CLWB_ASSIGN(Transaction transaction, Transaction::begin(database));
    DetailCopier copier(project);
    for (const int64_t runId : wanted) {
        CLWB_ASSIGN(const RunRow run, project.run(runId));
        CLWB_ASSIGN(const int64_t copy, insertBareRun(database, run));
        CLWB_ASSIGN(const EvaluatedModels models, evaluatedModels(project.database(), runId));
        const Result<bool> copied = copier.copy(database, copy, runId, models);
        if (!copied && copied.error().code != ErrorCode::Corrupt)
            return Failure(copied.error());
        if (copied)
            gathered.runs.insert(runId);
        else
            gathered.notes.push_back("'" + run.name +
                                     "' goes without details: " + copied.error().message);
    }
    CLWB_TRY(transaction.commit());
    return std::optional(std::move(gathered));
}

ArrivingDetails::ArrivingDetails(ScratchFolder folder, Project project)
    : m_folder(std::move(folder))
    , m_project(std::move(project))
{}

Result<std::shared_ptr<ArrivingDetails>> ArrivingDetails::unpack(ZipReader& zip,
                                                                 const fs::path& parent)
{
    const ZipEntry* entry = zip.find(kBundleDetailsName);
    const auto damaged = [](const std::string& why) {
        return fail(ErrorCode::Corrupt, std::string(kBundleDetailsName) + " of the bundle " + why);
    };
    if (entry == nullptr)
        return damaged("is missing");
    if (entry->bytes > kMaxDetailFileBytes)
        return damaged("takes " + std::to_string(entry->bytes >> 20) + " MB, more than the " +
                       std::to_string(kMaxDetailFileBytes >> 20) + " MB that are taken in at once");
    if (const uint64_t available = freeBytes(parent); entry->bytes > available)
        return damaged("needs " + std::to_string(entry->bytes >> 20) + " MB in " + parent.string() +
                       ", " + std::to_string(available >> 20) + " MB are free");
    const auto failed = [&damaged](const Error& error) {
        return damaged("cannot be read: " + error.message);
    };
    Result<ScratchFolder> folder = ScratchFolder::create(parent);
    if (!folder)
        return failed(folder.error());
    const fs::path file = folder->path() / kBundleDetailsName;
    if (const Result<void> extracted = zip.extract(*entry, file); !extracted)
        return failed(extracted.error());
    Result<Project> project = Project::open(file, OpenMode::ReadOnly);
    if (!project)
        return failed(project.error());
    // Of a file of another version opening compares only the kinds: tables may be missing there,
    // views be others.
    const auto version = schemaVersion(project->database());
    if (!version)
        return failed(version.error());
    if (*version != kSchemaVersion)
        return damaged("is of schema " + std::to_string(*version) + ", this program takes in " +
                       std::to_string(kSchemaVersion));
    return std::shared_ptr<ArrivingDetails>(
        new ArrivingDetails(std::move(*folder), std::move(*project)));
}

Result<bool> ArrivingDetails::copy(Database& to, int64_t toRun, const std::string& uid,
                                   const EvaluatedModels& models)
{
    const auto runId = m_project.database().integer("SELECT run_id FROM run WHERE uid = ?", uid);
    if (!runId || !*runId)
        return fail(ErrorCode::Corrupt, std::string(kBundleDetailsName) + " of the bundle " +
                                            (runId ? "does not have them"
                                                   : "cannot be read: " + runId.error().message));
    return m_copier.copy(to, toRun, **runId, models);
}

} // namespace clwb::store
