// SPDX-License-Identifier: GPL-3.0-or-later
// Import of runs from bundles and from other projects.
#include "core/base/file.h"
#include "core/store/bundle.h"
#include "core/store/bundle_details.h"
#include "core/store/copy_details.h"
#include "core/store/project_private.h"
#include "core/store/run_dump.h"
#include "core/store/schema.h"
#include "core/store/zip_archive.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <memory>
#include <unistd.h>

namespace fs = std::filesystem;

namespace clwb::store
{
namespace
{

constexpr uint64_t kMaxIndexBytes = 16u << 20;
constexpr uint64_t kMaxTextBytes = 512u << 20;
constexpr uint64_t kMaxAllTextBytes = 4ull << 30; // unpacked in memory at once
constexpr uint64_t kMaxLoadBytes = 64ull << 20;   // some ten weeks
constexpr size_t kMaxRuns = 10000;

/// A text of a run in a bundle, and what takes it in.
struct RunText
{
    const char* name;
    uint64_t maxBytes;
    Result<void> (*read)(const std::string& text, RunDump& dump);
    bool isOptional = false; ///< bundles of older programs lack it
};
// The columns first: their uid is compared before anything else is believed.
constexpr RunText kRunTexts[] = {
    {"run.json", kMaxIndexBytes, readColumns},
    {"metrics.json", kMaxTextBytes, readMetrics},
    {"steps.jsonl", kMaxTextBytes, readStepLines},
    {"evaluations.jsonl", kMaxTextBytes, readEvaluationLines},
    {"load.jsonl", kMaxLoadBytes, readLoadLines, true},
};

/// A run on its way in, and how its files are put into a folder.
struct Arrival
{
    RunDump dump;
    std::function<Result<void>(const fs::path& folder)> placeFiles; ///< empty: it has none
    /// What its evaluations decided, false when that is nothing; empty: it is not carried.
    std::function<Result<bool>(Database& database, int64_t runId)> addDetails = {};
};

/// Folders that arrive: made under another name first, removed again unless kept.
class ArrivingFolders
{
public:
    explicit ArrivingFolders(fs::path files)
        : m_files(std::move(files))
    {}
    ~ArrivingFolders()
    {
        std::error_code ignored;
        for (const fs::path& folder : m_made)
            fs::remove_all(folder, ignored);
    }
    ArrivingFolders(const ArrivingFolders&) = delete;
    ArrivingFolders& operator=(const ArrivingFolders&) = delete;

    /// The name for the folder column.
    Result<std::string> place(const Arrival& arrival)
    {
        const std::string name = "imported-" + arrival.dump.columns.uid;
        const fs::path temporary = m_files / (name + ".tmp-" + std::to_string(::getpid()));
        std::error_code failure;
        fs::remove_all(temporary, failure);
        CLWB_TRY(createFolders(temporary));
        m_made.push_back(temporary);
        CLWB_TRY(arrival.placeFiles(temporary));
        fs::remove_all(m_files / name, failure); // left over from an import that was cut off
        fs::rename(temporary, m_files / name, failure);
        if (failure)
            return fail(ErrorCode::Data,
                        "cannot place " + (m_files / name).string() + ": " + failure.message());
        m_made.back() = m_files / name;
        return name;
    }
    void keep() { m_made.clear(); }

private:
    fs::path m_files;
    std::vector<fs::path> m_made;
};

std::string describe(const RunDump& dump, int64_t twin)
{
    const std::string& name = dump.columns.name;
    return (name.empty() ? "a run without a name" : "'" + name + "'") + " (uid " +
           dump.columns.uid + ") is run " + std::to_string(twin) + " already";
}

Result<ImportReport> insertArrivals(Project& project, std::vector<Arrival>& arrivals)
{
    ImportReport report;
    Database& database = project.database();
    ArrivingFolders folders(filesFolder(project.file()));
    // Files first and outside the transaction: copying models takes longer than others may wait.
    for (Arrival& arrival : arrivals) {
        CLWB_ASSIGN(const auto twin, database.integer("SELECT run_id FROM run WHERE uid = ?",
                                                      arrival.dump.columns.uid));
        arrival.dump.columns.folder.reset();
        if (!twin && arrival.placeFiles) {
            CLWB_ASSIGN(arrival.dump.columns.folder, folders.place(arrival));
        }
    }
    ValueNames names;
    CLWB_ASSIGN(Transaction transaction, Transaction::begin(database));
    for (const Arrival& arrival : arrivals) {
        CLWB_ASSIGN(const auto twin, database.integer("SELECT run_id FROM run WHERE uid = ?",
                                                      arrival.dump.columns.uid));
        if (twin) {
            report.skipped.push_back(describe(arrival.dump, *twin));
            continue;
        }
        CLWB_ASSIGN(const int64_t runId, insertDump(database, names, arrival.dump));
        if (arrival.addDetails) {
            const Result<bool> added = arrival.addDetails(database, runId);
            // What is wrong with the source costs the details alone; the metrics are whole.
            if (!added && added.error().code != ErrorCode::Corrupt)
                return Failure(added.error());
            if (!added)
                report.notes.push_back("'" + arrival.dump.columns.name +
                                       "' came without details: " + added.error().message);
            else if (*added)
                report.detailed.push_back(runId);
        }
        report.imported.push_back(runId);
    }
    CLWB_TRY(transaction.commit());
    folders.keep();
    return report;
}

Result<void> copyFolder(const fs::path& from, const fs::path& to)
{
    std::error_code failure;
    for (auto entry = fs::recursive_directory_iterator(from, failure);
         !failure && entry != fs::recursive_directory_iterator(); entry.increment(failure)) {
        if (!fs::is_regular_file(entry->symlink_status(failure)))
            continue;
        const fs::path target = to / entry->path().lexically_relative(from);
        CLWB_TRY(createFolders(target.parent_path()));
        CLWB_TRY(copyFileAtomically(entry->path(), target));
    }
    if (failure)
        return fail(ErrorCode::Data, "cannot read " + from.string() + ": " + failure.message());
    return {};
}

Result<std::vector<Arrival>> arrivalsOfProject(const fs::path& source, BundleFiles files,
                                               BundleDetails details)
{
    struct Source
    {
        explicit Source(Project opened)
            : project(std::move(opened))
        {}
        Project project;
        DetailCopier details{project};
    };
    CLWB_ASSIGN(Project opened, Project::open(source, OpenMode::ReadOnly));
    const auto from = std::make_shared<Source>(std::move(opened));
    const Project& other = from->project;
    CLWB_ASSIGN(const auto rows, other.runs());
    std::vector<Arrival> arrivals;
    for (const RunRow& row : rows) {
        Arrival arrival;
        CLWB_ASSIGN(arrival.dump, readDump(other.database(), row.runId));
        if (details == BundleDetails::Include)
            arrival.addDetails = [from, id = row.runId](Database& database,
                                                        int64_t runId) -> Result<bool> {
                CLWB_ASSIGN(const EvaluatedModels models, evaluatedModels(database, runId));
                return from->details.copy(database, runId, id, models);
            };
        std::error_code failure;
        const fs::path folder = row.folder;
        if (files == BundleFiles::Include && !row.folder.empty() &&
            fs::is_directory(fs::symlink_status(folder, failure)))
            arrival.placeFiles = [folder](const fs::path& target) {
                return copyFolder(folder, target);
            };
        arrivals.push_back(std::move(arrival));
    }
    return arrivals;
}

Result<std::string> requiredText(ZipReader& zip, const std::string& name, uint64_t maxBytes)
{
    const ZipEntry* entry = zip.find(name);
    if (entry == nullptr)
        return fail(ErrorCode::Data, "bundle: " + name + " is missing",
                    "it was not made by `clwb export`, or is damaged");
    return zip.read(*entry, maxBytes);
}

/// A run as the bundle's index names it.
struct IndexedRun
{
    std::string uid;
    bool hasDetails = false; ///< bundles of older programs have none
};

Result<std::vector<IndexedRun>> runsOfBundle(ZipReader& zip, const fs::path& source)
{
    CLWB_ASSIGN(const std::string text, requiredText(zip, "bundle.json", kMaxIndexBytes));
    const auto index = parseJson(text, "bundle.json");
    std::vector<IndexedRun> runs;
    if (index && index->is_object() && index->value("format", Json()) == "clwb-bundle" &&
        index->value("schema", Json()) == 1 && index->contains("runs") &&
        (*index)["runs"].is_array() && (*index)["runs"].size() <= kMaxRuns) {
        for (const Json& run : (*index)["runs"]) {
            if (run.is_object() && run.contains("uid") && run["uid"].is_string())
                runs.push_back(
                    {run["uid"].get<std::string>(), run.value("details", Json()) == true});
        }
        if (runs.size() == (*index)["runs"].size())
            return runs;
    }
    return fail(ErrorCode::Data,
                "bundle " + source.string() + ": bundle.json is not one of this program's version",
                "it may come from a newer version of clwb");
}

Result<void> extractFiles(ZipReader& zip, const std::string& prefix, const fs::path& folder)
{
    uint64_t bytes = 0;
    for (const ZipEntry& entry : zip.entries()) {
        if (entry.name.rfind(prefix, 0) == 0 && entry.bytes < (uint64_t{1} << 48))
            bytes += entry.bytes;
    }
    const uint64_t available = freeBytes(folder);
    if (bytes > available)
        return fail(ErrorCode::DiskFull,
                    "the bundle's files need " + std::to_string(bytes >> 20) + " MB in " +
                        folder.string() + ", " + std::to_string(available >> 20) + " MB are free",
                    "free some space, or import without files");
    for (const ZipEntry& entry : zip.entries()) {
        if (entry.name.rfind(prefix, 0) != 0)
            continue;
        CLWB_ASSIGN(const fs::path target,
                    resolveInside(folder, entry.name.substr(prefix.size()), FollowLinks::No));
        CLWB_TRY(createFolders(target.parent_path()));
        CLWB_TRY(zip.extract(entry, target));
    }
    return {};
}

/// The sizes that the archive names: reading checks that no entry unpacks to more than its own.
Result<void> checkTextBytes(const ZipReader& zip, const fs::path& source,
                            const std::vector<IndexedRun>& runs)
{
    uint64_t bytes = 0;
    for (const IndexedRun& run : runs) {
        for (const RunText& part : kRunTexts) {
            if (const ZipEntry* entry = zip.find("runs/" + run.uid + "/" + part.name))
                bytes += std::min(entry->bytes, kMaxAllTextBytes);
        }
    }
    if (bytes > kMaxAllTextBytes)
        return fail(ErrorCode::Data,
                    "bundle " + source.string() + ": its results take " +
                        std::to_string(bytes >> 20) + " MB unpacked, more than the " +
                        std::to_string(kMaxAllTextBytes >> 20) + " MB that are read at once",
                    "export its runs into several bundles");
    return {};
}

/// @param projectFolder where the project lies
Result<std::vector<Arrival>> arrivalsOfBundle(ZipReader& zip, const fs::path& source,
                                              const fs::path& projectFolder, BundleFiles files,
                                              BundleDetails wanted)
{
    CLWB_ASSIGN(const auto runs, runsOfBundle(zip, source));
    CLWB_TRY(checkTextBytes(zip, source, runs));
    // Before the transaction, in which others wait. What is wrong with the file is told of each
    // run.
    Result<std::shared_ptr<ArrivingDetails>> details = std::shared_ptr<ArrivingDetails>();
    const auto takesDetails = [wanted](const IndexedRun& run) {
        return run.hasDetails && wanted == BundleDetails::Include;
    };
    if (std::any_of(runs.begin(), runs.end(), takesDetails))
        details = ArrivingDetails::unpack(zip, projectFolder);
    std::vector<Arrival> arrivals;
    for (const IndexedRun& run : runs) {
        const std::string& uid = run.uid;
        Arrival arrival;
        if (takesDetails(run))
            arrival.addDetails = [details, uid](Database& database, int64_t runId) -> Result<bool> {
                if (!details)
                    return Failure(details.error());
                CLWB_ASSIGN(const EvaluatedModels models, evaluatedModels(database, runId));
                return (*details)->copy(database, runId, uid, models);
            };
        const std::string prefix = "runs/" + uid + "/";
        for (const RunText& part : kRunTexts) {
            if (part.isOptional && zip.find(prefix + part.name) == nullptr)
                continue;
            CLWB_ASSIGN(const std::string text,
                        requiredText(zip, prefix + part.name, part.maxBytes));
            CLWB_TRY(part.read(text, arrival.dump));
            if (arrival.dump.columns.uid != uid)
                return fail(ErrorCode::Data, "bundle " + source.string() + ": " + prefix +
                                                 "run.json names another uid");
        }
        const std::string filePrefix = prefix + "files/";
        const bool hasFiles =
            std::any_of(zip.entries().begin(), zip.entries().end(), [&](const ZipEntry& entry) {
                return entry.name.rfind(filePrefix, 0) == 0;
            });
        if (files == BundleFiles::Include && hasFiles)
            arrival.placeFiles = [&zip, filePrefix](const fs::path& folder) {
                return extractFiles(zip, filePrefix, folder);
            };
        arrivals.push_back(std::move(arrival));
    }
    return arrivals;
}

} // namespace

Result<ImportKind> importKindOf(const fs::path& source)
{
    std::error_code failure;
    Result<std::string> start = fail(ErrorCode::Usage, "");
    if (fs::is_regular_file(source, failure))
        start = firstBytes(source, 16); // it may be an open project
    if (!start)
        return fail(ErrorCode::Usage, "cannot read " + source.string(),
                    "give a bundle, a project file or a CSV table");
    if (start->starts_with("SQLite format 3"))
        return ImportKind::Project;
    return start->starts_with("PK") ? ImportKind::Bundle : ImportKind::Other;
}

Result<ImportReport> importRuns(Project& project, const fs::path& source, BundleFiles files,
                                BundleDetails details)
{
    CLWB_TRY(requireWritable(project));
    CLWB_ASSIGN(const ImportKind kind, importKindOf(source));
    if (kind == ImportKind::Project) {
        CLWB_ASSIGN(auto arrivals, arrivalsOfProject(source, files, details));
        return insertArrivals(project, arrivals);
    }
    if (kind == ImportKind::Other)
        return fail(ErrorCode::Usage, source.string() + " is neither a bundle nor a project",
                    "give a .zip made by `clwb export`, or a project file");
    CLWB_ASSIGN(ZipReader zip, ZipReader::open(source));
    CLWB_ASSIGN(
        auto arrivals,
        arrivalsOfBundle(zip, source, fs::absolute(project.file()).parent_path(), files, details));
    return insertArrivals(project, arrivals);
}

} // namespace clwb::store
