// SPDX-License-Identifier: GPL-3.0-or-later
// Opening project files: foreign and damaged ones are refused untouched, newer ones are read-only.
#include "core/base/file.h"
#include "core/store/file_header.h"
#include "core/store/maintenance.h"
#include "core/store/project_private.h"
#include "core/store/run_rows.h"
#include "core/store/schema.h"
#include "core/store/spool.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fs = std::filesystem;

namespace clwb::store
{
namespace
{

constexpr std::string_view kMagic("SQLite format 3\0", 16);
constexpr size_t kInspectedBytes = 256 << 10; ///< reaches to the definitions of the tables
constexpr uint64_t kCheckedBytes = 64 << 20;
constexpr const char* kRepairHint = "run `clwb db repair` to save what is readable into a new file";

/// What the first bytes and the neighbours of a project file say, before SQLite touches it.
struct FileFacts
{
    bool usesWal = false;
    bool unclean = false; ///< a journal with content lies beside it
    uint64_t bytes = 0;
    bool fileWritable = false;
    bool folderWritable = false;
};

fs::path withSuffix(fs::path file, const char* suffix)
{
    file += suffix;
    return file;
}

bool hasContent(const fs::path& file)
{
    std::error_code failure;
    const auto bytes = fs::file_size(file, failure);
    return !failure && bytes > 0;
}

bool isAllowed(const fs::path& path, int mode)
{
    return ::faccessat(AT_FDCWD, path.c_str(), mode, AT_EACCESS) == 0;
}

Failure foreign(const fs::path& file, const std::string& why)
{
    return fail(ErrorCode::Corrupt, file.string() + " is not a clwb project: " + why,
                "choose another file; this one was not changed");
}

FileHeader headerOf(const std::string& start)
{
    FileHeader header{};
    std::memcpy(header.data(), start.data(), std::min(start.size(), header.size()));
    return header;
}

/// Whether a file's start is that of a project, damaged perhaps: its number or its tables' names.
bool isOfProject(const std::string& start)
{
    return bigEndian(headerOf(start), 68) == kApplicationId ||
           start.find("CREATE TABLE session_accuracy(") != std::string::npos;
}

Failure damagedStart(const fs::path& file)
{
    return fail(ErrorCode::Corrupt,
                "project file " + file.string() + " is damaged: its first bytes are not its own",
                kRepairHint);
}

Result<FileFacts> inspectFile(const fs::path& file)
{
    struct stat info = {};
    if (::stat(file.c_str(), &info) != 0) {
        if (errno != ENOENT && errno != ENOTDIR)
            return fail(ErrorCode::Locked,
                        "cannot open project " + file.string() + ": " + std::strerror(errno),
                        "check the permissions of the file and its folder");
        return fail(ErrorCode::Usage, "project file " + file.string() + " does not exist",
                    "give its path with --db, or start a run to create it");
    }
    if (!S_ISREG(info.st_mode))
        return foreign(file, "not a regular file");
    if (!isAllowed(file, R_OK))
        return fail(ErrorCode::Locked, "cannot read project " + file.string() + ": no permission",
                    "ask its owner for read permission");
    CLWB_ASSIGN(const std::string start, firstBytes(file, std::tuple_size_v<FileHeader>));
    if (start.empty())
        return foreign(file, "it is empty");
    const FileHeader header = headerOf(start);
    const bool isDatabase = start.size() >= header.size() && start.starts_with(kMagic);
    const bool hasNumber = bigEndian(header, 68) == kApplicationId;
    if (!(isDatabase && hasNumber) && kindOfRefused(file) == RefusedFile::DamagedProject)
        return damagedStart(file);
    if (!isDatabase)
        return foreign(file, "it is not an SQLite file");
    if (!hasNumber)
        return foreign(file, "it is an SQLite file of another program");

    FileFacts facts;
    facts.usesWal = header[18] == 2 || header[19] == 2;
    facts.unclean =
        hasContent(withSuffix(file, "-wal")) || hasContent(withSuffix(file, "-journal"));
    facts.bytes = static_cast<uint64_t>(info.st_size);
    facts.fileWritable = isAllowed(file, W_OK);
    const fs::path folder = fs::absolute(file).parent_path();
    facts.folderWritable = isAllowed(folder, W_OK | X_OK);
    const uint64_t expected = uint64_t{pageBytes(header)} * bigEndian(header, kHeaderPages);
    if (!facts.unclean && facts.bytes < expected)
        return fail(ErrorCode::Corrupt,
                    "project file " + file.string() + " is damaged: expected " +
                        std::to_string(expected) + " bytes, got " + std::to_string(info.st_size),
                    kRepairHint);
    return facts;
}

Access chooseAccess(const FileFacts& facts, bool write)
{
    const bool writable = facts.fileWritable && facts.folderWritable;
    if (write && writable)
        return Access::ReadWrite;
    // WAL and left-over journals need a connection that may write, even to read.
    if (facts.usesWal || facts.unclean)
        return writable ? Access::QueryOnly : facts.unclean ? Access::ReadOnly : Access::Immutable;
    return Access::ReadOnly;
}

/// New projects are made under another name and appear complete.
Result<void> createProject(const fs::path& file)
{
    // A name of its own: added to a long one it could exceed what the file system allows.
    const fs::path temporary = fs::absolute(file).parent_path() / (".clwb-new-" + newUid());
    std::error_code ignored;
    const auto isFree = requireFree(file);
    if (!isFree && fs::exists(file, ignored)) // made by another program just now
        return {};
    CLWB_TRY(isFree);
    if (file.has_parent_path())
        CLWB_TRY(createFolders(file.parent_path()));
    fs::remove(temporary, ignored);
    auto created = createSchema(temporary);
    // Another program may create the same project: then its file stays.
    if (created) {
        const auto placed = placeNew(temporary, file);
        if (!placed)
            created = Failure(placed.error());
    }
    fs::remove(temporary, ignored);
    fs::remove(withSuffix(temporary, "-journal"), ignored);
    if (!created && created.error().code == ErrorCode::Data)
        created.error().code = ErrorCode::Locked;
    return created;
}

Result<void> chooseJournal(Database& database, bool network)
{
    if (network) {
        // Exclusive first: a WAL file must never map shared memory over a network.
        return database.execute("PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=DELETE;"
                                "PRAGMA locking_mode=NORMAL; SELECT count(*) FROM sqlite_schema");
    }
    const auto switched = database.execute("PRAGMA journal_mode=WAL");
    // Another program reads in the old mode just now: that mode works too, only slower.
    if (!switched && !isBusy(switched.error()))
        return Failure(switched.error());
    return {};
}

Result<void> quickCheck(Database& database)
{
    CLWB_ASSIGN(const auto answer, database.text("PRAGMA quick_check(1)"));
    if (answer.value_or("") != "ok")
        return fail(ErrorCode::Corrupt,
                    "project file " + database.file().string() +
                        " is damaged: " + answer.value_or("no answer"),
                    kRepairHint);
    return {};
}

void holdBackCheckpoints(Database& database, bool hold)
{
    sqlite3_db_config(database.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, hold ? 1 : 0, nullptr);
}

/// Whether the whole file is read through before a first byte of it can change. That takes about
/// 1.5 s a gigabyte: always where nothing speaks for the content, after an unclean end and before
/// the first switch to WAL (a copy, a download), otherwise where it takes no 0.1 s.
bool mustCheck(const FileFacts& facts, bool willWrite, bool network)
{
    const bool isFresh = !facts.usesWal && !network; // there it never uses WAL
    return facts.unclean || (willWrite && (isFresh || facts.bytes <= kCheckedBytes));
}

Result<void> verify(Database& database, bool wholeFile)
{
    if (wholeFile)
        CLWB_TRY(quickCheck(database));
    return checkSchema(database);
}

/// Empty: it may be written to.
std::string whyReadOnly(const fs::path& file, OpenMode mode, Access access, const FileFacts& facts,
                        int64_t version)
{
    if (mode == OpenMode::ReadOnly)
        return "it was opened for reading only";
    if (access != Access::ReadWrite)
        return "you may not write to " + (facts.fileWritable ? file.parent_path() : file).string();
    if (version > kSchemaVersion)
        return "it was written by a newer version of clwb (schema " + std::to_string(version) +
               ", this program knows " + std::to_string(kSchemaVersion) + ")";
    return {};
}

Failure existsAlready(const fs::path& target)
{
    return fail(ErrorCode::Usage, target.string() + " exists already", "give another name");
}

} // namespace

Result<bool> placeNew(const fs::path& finished, const fs::path& target)
{
    if (::link(finished.c_str(), target.c_str()) == 0)
        return true;
    if (errno == EEXIST)
        return false;
    // No hard links here.
    if (::renameat2(AT_FDCWD, finished.c_str(), AT_FDCWD, target.c_str(), RENAME_NOREPLACE) == 0)
        return true;
    if (errno == EEXIST)
        return false;
    // The last resort cannot see another program making the same file.
    if (::rename(finished.c_str(), target.c_str()) != 0)
        return Failure(systemError("cannot create", target));
    return true;
}

Result<void> placeOrRefuse(const fs::path& finished, const fs::path& target)
{
    CLWB_ASSIGN(const bool isPlaced, placeNew(finished, target));
    if (!isPlaced)
        return existsAlready(target);
    return {};
}

Result<void> requireFree(const fs::path& target)
{
    std::error_code ignored;
    if (fs::exists(target, ignored))
        return existsAlready(target);
    // SQLite would take their pages for those of the new file.
    for (const char* suffix : {"-wal", "-journal"}) {
        const fs::path left = withSuffix(target, suffix);
        if (fs::exists(left, ignored))
            return fail(ErrorCode::Usage,
                        left.string() + " is left of an earlier project of that name",
                        "give another name, put the earlier file back, or delete what is left");
    }
    return {};
}

RefusedFile kindOfRefused(const fs::path& file)
{
    std::error_code failure;
    if (!fs::is_regular_file(file, failure))
        return RefusedFile::NoProject;
    const auto start = firstBytes(file, kInspectedBytes);
    // Where no bytes can be had an attempt does no harm.
    return !start || isOfProject(*start) ? RefusedFile::DamagedProject : RefusedFile::NoProject;
}

fs::path filesFolder(const fs::path& project)
{
    return withSuffix(fs::absolute(project), ".files");
}

fs::path resolveRunFolder(const fs::path& project, int64_t runId, const std::string& text)
{
    // An absolute text replaces what stands before it.
    return filesFolder(project) / (text.empty() ? "run-" + std::to_string(runId) : text);
}

fs::path spoolFile(const fs::path& project, int64_t runId)
{
    return filesFolder(project) / ("run-" + std::to_string(runId) + ".spool");
}

Result<WriteConnection> openForWriting(const fs::path& file)
{
    std::shared_ptr<Lease> lease;
    const bool network = isNetworkFileSystem(file);
    if (network) {
        CLWB_ASSIGN(lease, Lease::take(file));
    }
    CLWB_ASSIGN(Database database, Database::open(file, Access::ReadWrite));
    CLWB_TRY(chooseJournal(database, network));
    return WriteConnection{std::move(lease), std::move(database)};
}

Result<Project> Project::open(const fs::path& file, OpenMode mode)
{
    std::error_code failure;
    if (mode == OpenMode::CreateIfMissing && !fs::exists(file, failure) && !failure)
        CLWB_TRY(createProject(file));
    CLWB_ASSIGN(const FileFacts facts, inspectFile(file));
    const bool network = isNetworkFileSystem(file);
    std::shared_ptr<Lease> lease;
    if (network && facts.folderWritable) {
        CLWB_ASSIGN(lease, Lease::take(file));
    }
    const Access access = chooseAccess(facts, mode != OpenMode::ReadOnly);
    CLWB_ASSIGN(Database database, Database::open(file, access));
    holdBackCheckpoints(database, true);
    CLWB_ASSIGN(const int64_t version, schemaVersion(database));
    const fs::path absolute = fs::absolute(file);
    std::string reason = whyReadOnly(absolute, mode, access, facts, version);
    const bool readOnly = !reason.empty();
    CLWB_TRY(verify(database, mustCheck(facts, !readOnly, network)));
    holdBackCheckpoints(database, false);

    auto d = std::make_unique<Private>(
        Private{absolute, std::move(lease), std::move(database), std::move(reason), readOnly});
    if (d->readOnly) {
        CLWB_TRY(d->database.execute("PRAGMA query_only=ON"));
    } else {
        CLWB_TRY(chooseJournal(d->database, network));
        CLWB_TRY(migrateSchema(d->database));
        CLWB_TRY(mergeSpools(d->database, d->file));
    }
    return Project(std::move(d));
}

} // namespace clwb::store
