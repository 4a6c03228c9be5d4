// SPDX-License-Identifier: GPL-3.0-or-later
// The project file: opening, typed reading, and run management.
#pragma once

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/step_time.h"
#include "core/metrics/evaluation_record.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace clwb::store
{

class Database; // RAII connection, core/store/sqlite.h

enum class OpenMode { ReadOnly, ReadWrite, CreateIfMissing };
/// All in the order of sessions, epochs and splits, or only the last one of the test split.
enum class WhichRecords { All, LastOfTest };

/// Where the program is that has a run in hand, seen from this one.
enum class OwnerPlace { None, ThisProcess, ThisHost, OtherHost };

/// Which point of which run's way from its weights before a training to those after a row is.
struct WeightPath
{
    std::string uid; ///< of that run: its number is another in another project
    int session = 0;
    bool fromOriginal = false; ///< it begins at the original model, not at the session's start
    double alpha = 0;
};

/// One row of the run list.
struct RunRow
{
    int64_t runId = 0;
    std::string uid;
    std::string name;
    std::string kind, method, option, setting;
    /// queued running stopped interrupted failed finished reported; `interrupted` also where the
    /// file still says running but the owner is dead
    std::string status;
    std::optional<int64_t> seed;
    std::string createdUtc, finishedUtc;
    std::optional<double> seconds;
    std::string study, model, origin;
    std::vector<std::string> tags;
    bool starred = false;
    std::string notes;
    std::string folder;  ///< run folder, absolute; empty for reported rows
    std::string message; ///< why it failed or stopped
    // While running or queued; otherwise empty.
    std::string owner; ///< "host (pid, since)"
    OwnerPlace ownerPlace = OwnerPlace::None;
    std::string ownerHost;
    std::string ownerSinceUtc;                 ///< when its program took the run in hand
    int sessionNow = 0;                        ///< while running, of the last stored step; 0: none
    int sessions = 0;                          ///< planned
    int lastSession = -1;                      ///< last evaluated; -1: none
    std::map<std::string, double> metrics;     ///< after the last evaluated session, v_metric names
    std::optional<WeightPath> weightPath = {}; ///< of rows that `clwb interpolate` recorded
    std::string studySha256 = {};              ///< of the study's file; empty: not known

    /// A mixture of two models along a weight path: evaluated, but nothing that was trained.
    [[nodiscard]] bool isPathPoint() const { return weightPath.has_value(); }
};

struct MetricPoint
{
    int session = 0;
    std::optional<int> epoch;
    std::string name;
    double value = 0;
};

struct StepPoint
{
    int64_t step = 0;
    int session = 0;
    int epoch = 0;
    std::string lossName;
    std::optional<double> value; ///< absent for NaN and infinities
    std::string valueKind;       ///< "", "nan", "inf", "-inf"
    double lr = 0;
    std::optional<StepTime> time; ///< nothing: from before schema 3, or imported
};

struct SessionAccuracy
{
    int afterSession = 0;
    int session = 0;
    int64_t hits = 0;
    int64_t total = 0;
};

/// A resume state that was on disk, complete, when the row was written.
struct CheckpointRow
{
    std::string folder; ///< relative to the run folder
    int64_t step = 0;
    std::string sha256;
};

/// A connection to one project file. Not thread-safe: each thread opens its own.
class Project
{
public:
    /// Errors: Usage (missing with ReadOnly/ReadWrite), Corrupt (not SQLite, not ours, damaged: the
    /// file is left as it is), Locked (no permission, network file system in use), DiskFull.
    /// A newer schema, a read-only file or folder open read-only: see isReadOnly().
    static Result<Project> open(const std::filesystem::path& file, OpenMode mode);
    Project(Project&&) noexcept;
    Project& operator=(Project&&) noexcept;
    ~Project();

    [[nodiscard]] const std::filesystem::path& file() const;
    [[nodiscard]] bool isReadOnly() const;
    /// Why the file is read-only, for the user; empty otherwise.
    [[nodiscard]] const std::string& readOnlyReason() const;
    /// `<project>.files/run-<id>` beside the project.
    [[nodiscard]] std::filesystem::path runFolder(int64_t runId) const;

    // Reading. Errors: Corrupt, Locked.
    Result<std::vector<RunRow>> runs() const; ///< by run_id, trashed ones left out
    Result<RunRow> run(int64_t runId) const;  ///< Usage when there is none
    /// RUN of the command line: a number or a unique name.
    Result<int64_t> findRun(const std::string& numberOrName) const;
    Result<Json> resolvedSpec(int64_t runId) const;
    Result<std::vector<MetricPoint>> metrics(int64_t runId) const;
    Result<std::vector<StepPoint>> steps(int64_t runId, int64_t afterStep = 0) const;
    Result<std::vector<SessionAccuracy>> sessionAccuracies(int64_t runId) const;
    /// Of epoch records: `session` = finished sessions, `epoch` within the next one, always set.
    Result<std::vector<MetricPoint>> epochMetrics(int64_t runId) const;
    Result<std::vector<CheckpointRow>> checkpoints(int64_t runId) const; ///< oldest first
    Result<std::vector<std::string>> warnings(int64_t runId) const;      ///< oldest first
    Result<Json> environment(int64_t runId) const;
    Result<std::vector<RunRow>> trashedRuns() const;
    Result<std::vector<metrics::EvaluationRecord>>
    evaluations(int64_t runId, WhichRecords which = WhichRecords::All) const;
    /// Grows whenever any program commits to the file: poll it to see others' runs.
    Result<int64_t> dataVersion() const;

    // Management. Errors: Locked when read-only or the run belongs to a living owner.
    Result<void> rename(int64_t runId, const std::string& name);
    Result<void> setTags(int64_t runId, const std::vector<std::string>& tags);
    Result<void> setStarred(int64_t runId, bool starred);
    Result<void> setNotes(int64_t runId, const std::string& notes);
    Result<void> moveToTrash(int64_t runId);
    Result<void> restoreFromTrash(int64_t runId);
    /// Removes the rows and the run's folder beside the project. A folder elsewhere (`--out`) is
    /// left alone. Errors: Locked (running), Usage (row of origin paper).
    Result<void> purge(int64_t runId);
    /// "running" runs whose owner is dead become "interrupted"; returns their ids.
    Result<std::vector<int64_t>> markInterrupted();
    /// Makes a "running" run of another host "interrupted" when the user says that it is gone.
    /// Errors: Locked when its last sign of life is younger than five minutes, or it lives here.
    Result<void> takeOver(int64_t runId);
    /// Runs of equal configuration hash, seed, study and model hash.
    Result<std::vector<int64_t>> sameConfiguration(const std::string& configurationHash,
                                                   uint64_t seed) const;

    Database& database() const;

private:
    struct Private;
    explicit Project(std::unique_ptr<Private> d);
    std::unique_ptr<Private> m_d;
};

} // namespace clwb::store
