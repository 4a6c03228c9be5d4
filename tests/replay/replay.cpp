// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/replay/replay.h"

#include "core/base/number_text.h"
#include "tests/replay/evaluation.h"
#include "tests/replay/trajectory.h"
#include "tests/replay/weights_check.h"

#include <ATen/ATen.h>

#include <cmath>
#include <optional>

namespace fs = std::filesystem;

namespace clwb::replay
{
namespace
{

// Cosines of a model that was read: rounding of float32. Of the replay's own weights: their 2 %.
constexpr double kWrittenMargin = 1e-5;
constexpr double kReplayedMargin = 1e-3;

Tensors inType(const Tensors& tensors, at::ScalarType type)
{
    Tensors result;
    for (const auto& [name, tensor] : tensors)
        result[name] = tensor.to(type);
    return result;
}

/// Follows the events of one trace.
class Replayer
{
public:
    Replayer(const ReplayRequest& request, StudyData& study)
        : m_request(request)
        , m_study(study)
    {}

    Result<Findings> run()
    {
        CLWB_TRY(open());
        CLWB_TRY(
            checkComposition(m_trace, m_settings, m_plan, m_sessionOfClass, m_study, m_findings));
        CLWB_TRY(preparePictures());
        size_t steps = 0;
        for (const TraceEvent& event : m_trace.events) {
            if (m_isTraining && !isWithinSession(event))
                CLWB_TRY(endSession());
            if (const auto* session = std::get_if<SessionLine>(&event)) {
                CLWB_TRY(beginSession(*session));
            } else if (const auto* step = std::get_if<StepLine>(&event)) {
                CLWB_TRY(takeStep(*step));
                steps += step->isSkipped ? 0 : 1;
            } else if (const auto* merge = std::get_if<MergeLine>(&event)) {
                if (merge->alpha != m_settings.alpha)
                    m_findings.add("merge", "session " + std::to_string(merge->session) +
                                                ": α is " + shortestText(merge->alpha) +
                                                ", the spec says " +
                                                shortestText(m_settings.alpha));
            } else if (const auto* eval = std::get_if<EvalLine>(&event)) {
                CLWB_TRY(checkEvaluation(*eval));
            }
        }
        if (m_settings.isTraining() && steps == 0)
            m_findings.add("steps", "the trace has none");
        CLWB_TRY(checkFinalModel());
        return std::move(m_findings);
    }

private:
    Result<void> open()
    {
        CLWB_ASSIGN(m_trace, parseTrace(m_request.trace));
        CLWB_ASSIGN(m_settings, readSettings(m_trace.spec));
        CLWB_ASSIGN(TensorFile file, readTensorFile(m_request.model / "model.safetensors"));
        m_start = std::move(file.tensors);
        CLWB_ASSIGN(m_clip, readClip(m_request.model, m_start));
        if (modelHash(m_start) != m_settings.modelSha256)
            m_findings.add("spec", "model_sha256 is not that of the start model");
        CLWB_ASSIGN(const Json stored, readJsonFile(m_request.folder / "spec.json"));
        if (stored != m_trace.spec)
            m_findings.add("spec", "spec.json of the run differs from the trace's");
        CLWB_ASSIGN(m_sessionOfClass, m_study.sessionsOfClasses(m_trace.classes));
        CLWB_ASSIGN(const std::vector<Item> items, m_study.items("ut-train"));
        m_plan = plannedSessions(m_settings, m_trace.classes, m_sessionOfClass, items);
        m_trained = plannedNames(m_settings, m_start);
        if (m_trace.trained != m_trained)
            m_findings.add("trained", "the trace names " + std::to_string(m_trace.trained.size()) +
                                          " tensors, expected " + std::to_string(m_trained.size()) +
                                          ", in bytewise order");
        TrajectorySetting setting{.settings = m_settings,
                                  .clip = m_clip,
                                  .trained = m_trained,
                                  .prompts = {},
                                  .sessionOfClass = m_sessionOfClass,
                                  .items = {}};
        for (const std::string& name : m_trace.classes)
            setting.prompts.push_back(m_study.prompt(name));
        for (const Item& item : items)
            setting.items[item.id] = item;
        setting.type = type();
        m_trajectory.emplace(std::move(setting), m_start, m_study);
        return {};
    }

    [[nodiscard]] at::ScalarType type() const
    {
        return m_request.precision == Precision::Double ? at::kDouble : at::kFloat;
    }

    /// Cuts all pictures of the steps at once: starting the program for each batch takes longer.
    Result<void> preparePictures()
    {
        CLWB_ASSIGN(const std::vector<Item> items, m_study.items("ut-train"));
        std::set<std::string> wanted;
        for (const TraceEvent& event : m_trace.events) {
            if (const auto* step = std::get_if<StepLine>(&event))
                wanted.insert(step->items.begin(), step->items.end());
        }
        std::vector<Item> chosen;
        for (const Item& item : items) {
            if (wanted.contains(item.id))
                chosen.push_back(item);
        }
        if (!chosen.empty())
            CLWB_TRY(m_study.prepare(chosen));
        return {};
    }

    /// Steps and the evaluations after epochs; anything else is written once the session has ended.
    static bool isWithinSession(const TraceEvent& event)
    {
        const auto* eval = std::get_if<EvalLine>(&event);
        return std::holds_alternative<StepLine>(event) || (eval && eval->epoch > 0);
    }

    Result<void> beginSession(const SessionLine& line)
    {
        for (const SessionPlan& plan : m_plan) {
            if (plan.session != line.session)
                continue;
            m_isTraining = true;
            m_session = line.session;
            return m_trajectory->beginSession(plan);
        }
        return fail(ErrorCode::Data,
                    "session " + std::to_string(line.session) + ": is not one of the run's");
    }

    Result<void> takeStep(const StepLine& step)
    {
        if (!m_isTraining)
            return fail(ErrorCode::Data, step.place() + ": outside a session");
        return step.isSkipped ? Result<void>() : m_trajectory->step(step, m_findings);
    }

    /// Merges, and compares the model that was kept with the replay's.
    Result<void> endSession()
    {
        m_isTraining = false;
        m_trajectory->endSession();
        m_written.reset();
        const fs::path folder = m_request.folder / "sessions" / std::to_string(m_session);
        const bool isKept = fs::exists(folder);
        if (!isKept && m_trace.spec.value("checkpoints", "last") == "all")
            m_findings.add("models", "no model of session " + std::to_string(m_session));
        if (!isKept)
            return {};
        CLWB_TRY(readAndCompare(folder));
        m_trajectory->continueFrom(m_written->tensors);
        return {};
    }

    Result<void> readAndCompare(const fs::path& folder)
    {
        CLWB_ASSIGN(m_written, readWritten(folder, m_settings, m_start, m_findings));
        const std::string place = fs::relative(folder, m_request.folder).string();
        compareModels(place, m_written->tensors,
                      {m_start, m_trajectory->model(), m_trained, m_trajectory->rateSum()},
                      m_findings);
        return {};
    }

    Result<void> checkFinalModel()
    {
        if (!m_settings.isTraining())
            return {};
        return readAndCompare(m_request.folder / "model");
    }

    Result<void> checkEvaluation(const EvalLine& line)
    {
        checkFormulas(line, m_settings.setting, m_trace.classes, m_sessionOfClass, m_findings);
        CLWB_TRY(checkRecordFile(line));
        const bool isStart = line.session == 0 && line.epoch == 0;
        // Written models are known exactly; the replay's own are what is left.
        const bool isWritten = isStart || (m_written && !m_isTraining);
        if (isWritten) {
            const std::string hash = isStart ? m_settings.modelSha256 : m_written->hash;
            if (line.record.value("model_sha256", "") != hash)
                m_findings.add("record", line.place() + ": model_sha256 is not that of its model");
        }
        const Tensors weights = isStart     ? inType(m_start, type())
                                : isWritten ? inType(m_written->tensors, type())
                                            : m_trajectory->model();
        const Judged judged{m_clip, weights, isWritten ? kWrittenMargin : kReplayedMargin};
        return checkCounts(line, judged, m_settings.what, m_settings.shuffleSeeds, m_study,
                           m_findings);
    }

    /// The record's own file says the same as the trace.
    Result<void> checkRecordFile(const EvalLine& line)
    {
        if (line.split != "test")
            return {};
        const std::string name = "eval-" + std::to_string(line.session) +
                                 (line.epoch > 0 ? "-e" + std::to_string(line.epoch) : "") +
                                 ".json";
        const auto record = readJsonFile(m_request.folder / name);
        if (!record)
            m_findings.add("record file", record.error().message);
        else if (nlohmann::json(*record) != nlohmann::json(line.record))
            m_findings.add("record file", name + " differs from the trace");
        return {};
    }

    const ReplayRequest& m_request;
    StudyData& m_study;
    Findings m_findings;
    Trace m_trace;
    Settings m_settings;
    Tensors m_start;
    Clip m_clip;
    std::vector<int> m_sessionOfClass;
    std::vector<SessionPlan> m_plan;
    std::vector<std::string> m_trained;
    std::optional<Trajectory> m_trajectory;
    std::optional<WrittenModel> m_written; ///< the last session's
    int m_session = 0;
    bool m_isTraining = false;
};

} // namespace

Result<Findings> replayRun(const ReplayRequest& request, StudyData& study)
{
    return Replayer(request, study).run();
}

} // namespace clwb::replay
