// SPDX-License-Identifier: GPL-3.0-or-later
// A run's weights computed anew, step after step, from the start model and the trace's batches.
#pragma once

#include "tests/replay/clip.h"
#include "tests/replay/composition.h"
#include "tests/replay/optimizer.h"

#include <map>
#include <string>
#include <vector>

namespace clwb::replay
{

/// What the steps of one run are taken with.
struct TrajectorySetting
{
    Settings settings;
    Clip clip;
    std::vector<std::string> trained;
    std::vector<std::string> prompts; ///< a class each, in the study's order
    std::vector<int> sessionOfClass;
    std::map<std::string, Item> items; ///< training items by id
    at::ScalarType type = at::kDouble; ///< float64, or float32 to save memory and time
};

/// Its own path through weight space, from written model to written model.
class Trajectory
{
public:
    /// @param start float32 tensors of the start model; kept
    Trajectory(TrajectorySetting setting, const Tensors& start, StudyData& study);

    /// The teacher, the optimiser and joint training's start change between sessions.
    Result<void> beginSession(const SessionPlan& plan);
    /// Computes the losses, compares them with the line's, and takes the step.
    Result<void> step(const StepLine& line, Findings& findings);
    /// After the last step of a session: IMM merges.
    void endSession();
    /// The next session starts at the model that the run wrote, once that has been compared: small
    /// differences of one session must not hide, or feign, larger ones of the next. Of no effect
    /// where the run goes on from weights that it does not write.
    void continueFrom(const Tensors& written);

    /// The model that the run writes and evaluates now.
    [[nodiscard]] const Tensors& model() const { return m_isMerged ? m_merged : m_student; }
    /// Learning rates of all steps so far, added up: how far Adam can have moved a weight.
    [[nodiscard]] double rateSum() const { return m_rateSum; }

private:
    using Terms = std::map<std::string, at::Tensor>;

    /// Features of one model for one batch and some texts.
    struct Views
    {
        at::Tensor images;                     ///< [B, D]
        at::Tensor pseudo;                     ///< [Ks, D]
        at::Tensor scale;                      ///< τ
        std::map<int64_t, at::Tensor> classes; ///< class index → [1, D]
    };

    Result<Views> viewsOf(const Tensors& weights, const StepLine& line,
                          const std::vector<int64_t>& classes);
    Result<Terms> termsOf(const StepLine& line);
    void addDistillation(const Views& teacher, const Views& student, Terms& terms) const;
    void addReplay(const Views& teacher, const Views& student, Terms& terms) const;
    void addGeodesic(const Views& teacher, const Views& student, Terms& terms) const;
    [[nodiscard]] at::Tensor distil(const Views& teacher, const Views& student,
                                    const std::vector<int64_t>& classes, bool withPseudo) const;
    void checkLosses(const StepLine& line, const Terms& terms, Findings& findings) const;
    void checkLogitScale(const StepLine& line, Findings& findings) const;
    [[nodiscard]] std::vector<int64_t> classesUpTo(int session) const;
    [[nodiscard]] bool hasTeacher() const;
    [[nodiscard]] Tensors copyOfTrained(at::ScalarType type) const;
    void setTrained(const Tensors& values);

    TrajectorySetting m_setting;
    StudyData& m_study;
    Optimizer m_optimizer;
    Tensors m_start;   ///< trained tensors only, float32
    Tensors m_student; ///< all tensors, those trained with gradient
    Tensors m_teacher;
    std::vector<Tensors> m_raw; ///< IMM: trained tensors before and after each session, unmerged
    Tensors m_merged;
    bool m_isMerged = false;
    SessionPlan m_plan;
    std::vector<int64_t> m_seen;     ///< classes of the sessions up to this one
    std::vector<int64_t> m_previous; ///< of those before it
    double m_rateSum = 0;
};

} // namespace clwb::replay
