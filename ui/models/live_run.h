// SPDX-License-Identifier: GPL-3.0-or-later
// Everything known about one run as plain values: filled by live events or from the project.
#pragma once

#include "core/base/step_time.h"
#include "core/run/events.h"
#include "core/store/project.h"

#include <QString>

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace clwb::ui
{

/// A value of a metric at a place on the session axis (epochs lie between sessions).
struct CurvePoint
{
    double session = 0;
    double value = 0;
};

struct LossSeries
{
    std::vector<double> steps;
    std::vector<double> values; ///< NaN and infinities as they came
};

struct SessionStart
{
    int session = 0;
    double step = 0; ///< first optimiser step of the session
};

struct EpochStart
{
    int session = 0;
    int epoch = 0;   ///< from 1, within the session
    double step = 0; ///< its first optimiser step
};

struct StepStamp
{
    double step = 0;
    StepTime time;
};

/// Where a step lies in time.
struct StepPlace
{
    double step = 0;
    double worked = 0;   ///< seconds of work since the run began, without interruptions
    double clock = 0;    ///< seconds since 1970, UTC; never less than the step before
    bool begins = false; ///< the first step of a part but the first
};

/// Parts of a run are added up in the order of their steps. Time between the end of a part and its
/// last step is not known and counts as interruption.
std::vector<StepPlace> placesInTime(const std::vector<StepStamp>& stamps);
/// `worked` of the last one; 0 of none.
double secondsWorked(const std::vector<StepStamp>& stamps);

struct LogLine
{
    enum class Kind { Info, Warning, Failure };
    Kind kind = Kind::Info;
    QString time; ///< local, hh:mm:ss
    QString text;
};

/// What an event touched, so that only that is redrawn.
struct LiveChanges
{
    bool header = false;
    bool metrics = false;
    bool losses = false;
    bool log = false;
    LiveChanges& operator|=(const LiveChanges& other);
};

/// Accuracies per study session after each evaluated session.
using AccuracyRows = std::map<int, std::vector<std::optional<double>>>;

/// "about 3 min left, ends 14:32"; "estimating…" until there is a rate.
QString timeLeftText(const run::Progress& progress);

class LiveRun
{
public:
    enum class Phase { Empty, Preparing, Training, Evaluating, Saving, Stopping, Ended };

    std::optional<int64_t> runId;
    QString title; ///< "VR-LwF-WM · MST · seed 0"
    QString label; ///< "VR-LwF-WM"
    QString kind, method, option, setting, study;
    Phase phase = Phase::Empty;
    QString status; ///< of an ended run: finished, stopped, failed, interrupted
    int sessions = 0;
    int epochs = 0;
    run::Progress progress;
    std::map<std::string, std::vector<CurvePoint>> curves; ///< by v_metric name, in order
    AccuracyRows accuracies;
    std::map<std::string, LossSeries> losses; ///< without "total"; long ones as in the project
    std::vector<SessionStart> sessionStarts;
    std::vector<EpochStart> epochStarts; ///< in order
    std::vector<StepStamp> stepTimes;    ///< by step; of steps whose time is known
    double lr = 0;
    double gradientNorm = 0;
    int64_t lastStep = 0;
    std::deque<LogLine> log;
    std::map<int, metrics::EvaluationRecord> records; ///< session-end records by session

    /// A run of this title is about to start; everything else is forgotten.
    void begin(const QString& newTitle);
    LiveChanges apply(const run::Event& event);
    /// What the project knows of the same run from before it went on here: sessions, epochs and
    /// steps that came before the first ones seen.
    LiveChanges addEarlier(const LiveRun& stored);
    void addLog(LogLine::Kind kind, const QString& text);
    /// A step of that epoch was seen; the first one of each is remembered.
    void noteEpoch(int session, int epoch, int64_t step);

    /// Values of a metric at sessions 0…sessions, NaN where missing.
    [[nodiscard]] std::vector<double> history(const std::string& metric) const;
    [[nodiscard]] std::optional<double> valueAt(const std::string& metric, int session) const;
    [[nodiscard]] int finishedSessions() const;
    /// "UT-Acc (session mean)" in MST, "UT-Acc (overall)" in OST.
    [[nodiscard]] std::string mainUtMetric() const;
    [[nodiscard]] bool isActive() const { return phase != Phase::Empty && phase != Phase::Ended; }

private:
    LiveChanges onStarted(const run::RunStarted& event);
    LiveChanges onStep(const run::StepDone& event);
    /// Where `step` ends a bucket of the project's thinned steps, its means take their place.
    void thin(int64_t step);
    /// A run that goes on repeats what came after its last checkpoint.
    void forgetAfter(int64_t step);
    LiveChanges addLosses(int64_t step, const std::map<std::string, double>& terms);
    LiveChanges onEvaluated(const run::Evaluated& event);
    LiveChanges onProgress(const run::Progress& event);
    LiveChanges onFinished(const run::Finished& event);
    void addPoint(const std::string& metric, double session, double value);
};

/// A stored run with all that curves, matrix and inspector show.
struct StoredRun
{
    store::RunRow row;
    Json spec;
    std::vector<store::MetricPoint> metrics; ///< session ends first, then epochs
    std::vector<std::string> warnings;
    std::vector<store::SessionAccuracy> accuracies;
    std::vector<store::StepPoint> steps;
    std::vector<metrics::EvaluationRecord> records;
};

enum class StoredParts { Curves, Everything };
/// Reader's thread. Runs without a spec (reported rows) have an empty one.
Result<StoredRun> readStoredRun(store::Project& project, int64_t runId, StoredParts parts);
/// The same values as an ended live run.
LiveRun liveRunOf(const StoredRun& stored);

} // namespace clwb::ui
