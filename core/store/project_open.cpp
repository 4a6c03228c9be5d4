// SPDX-License-Identifier: GPL-3.0-or-later
// Opening project files: foreign and damaged ones are refused untouched, newer ones are read-only.
#include "core/base/file.h"
#include "core/store/file_header.h"
#include "core/store/project_private.h"
#include "core/store/run_rows.h"
#include "core/store/schema.h"
#include "core/store/spool.h"

#include <sqlite3.h>

#include <array>
#include <cerrno>
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

/// What the first bytes and the neighbours of a project file say, before SQLite touches it.
struct FileFacts
{
    bool usesWal = false;
    bool unclean = false; ///< a journal with content lies beside it
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
    if (start.size() < std::tuple_size_v<FileHeader> || !start.starts_with(kMagic))
        return foreign(file, "it is not an SQLite file");
    FileHeader header{};
    std::memcpy(header.data(), start.data(), header.size());
    if (bigEndian(header, 68) != kApplicationId)
        return foreign(file, "it is an SQLite file of another program");

    FileFacts facts;
    facts.usesWal = header[18] == 2 || header[19] == 2;
    facts.unclean =
        hasContent(withSuffix(file, "-wal")) || hasContent(withSuffix(file, "-journal"));
    facts.fileWritable = isAllowed(file, W_OK);
    const fs::path folder = fs::absolute(file).parent_path();
    facts.folderWritable = isAllowed(folder, W_OK | X_OK);
    const uint64_t expected = uint64_t{pageBytes(header)} * bigEndian(header, kHeaderPages);
    if (!facts.unclean && static_cast<uint64_t>(info.st_size) < expected)
        return fail(ErrorCode::Corrupt,
                    "project file " + file.string() + " is damaged: expected " +
                        std::to_string(expected) + " bytes, got " + std::to_string(info.st_size),
                    "run `clwb db repair` to save what is readable into a new file");
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

/// After an unclean end the content is checked before anything could be written back to the file.
Result<void> quickCheck(Database& database)
{
    CLWB_ASSIGN(const auto answer, database.text("PRAGMA quick_check(1)"));
    if (answer.value_or("") != "ok")
        return fail(ErrorCode::Corrupt,
                    "project file " + database.file().string() +
                        " is damaged: " + answer.value_or("no answer"),
                    "run `clwb db repair` to save what is readable into a new file");
    return {};
}

void holdBackCheckpoints(Database& database, bool hold)
{
    sqlite3_db_config(database.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, hold ? 1 : 0, nullptr);
}

Result<void> verify(Database& database, const FileFacts& facts, int64_t version)
{
    if (facts.unclean)
        CLWB_TRY(quickCheck(database));
    if (version == kSchemaVersion)
        CLWB_TRY(checkSchema(database));
    return {};
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

} // namespace

Result<bool> placeNew(const fs::path& finished, const fs::path& target)
{
    if (::link(finished.c_str(), target.c_str()) == 0)
        return true;
    if (errno == EEXIST)
        return false;
    // No hard links here: rename, which cannot see another program making the same file.
    if (::rename(finished.c_str(), target.c_str()) != 0)
        return Failure(systemError("cannot create", target));
    return true;
}

Failure existsAlready(const fs::path& target)
{
    return fail(ErrorCode::Usage, target.string() + " exists already", "give another name");
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
    CLWB_TRY(verify(database, facts, version));
    holdBackCheckpoints(database, false);

    const fs::path absolute = fs::absolute(file);
    std::string reason = whyReadOnly(absolute, mode, access, facts, version);
    const bool readOnly = !reason.empty();
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
