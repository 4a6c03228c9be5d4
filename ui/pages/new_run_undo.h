// SPDX-License-Identifier: GPL-3.0-or-later
// One step of editing the New run page: the form before and after it.
#pragma once

#include "ui/bridge/engine.h"
#include "ui/models/run_form.h"

#include <QUndoCommand>

#include <functional>
#include <optional>
#include <vector>

namespace clwb::ui
{

/// The run that the form was filled from, as clone or branch.
struct SourceRun
{
    int64_t runId = 0;
    spec::RunSpec spec;
};

/// All that can be changed on the page.
struct FormState
{
    RunForm form;
    std::optional<BranchPlace> branch;
    std::optional<SourceRun> source;
    bool isPresetChosen = false;
};

[[nodiscard]] bool isSameForm(const FormState& a, const FormState& b);

/// Key of what a step has led to: a preset that the study suggests.
inline const QString kFollows = QStringLiteral("->");

class FormCommand : public QUndoCommand
{
public:
    using Restore = std::function<void(const FormState&)>;
    /// What the step does to the file of presets, and back.
    struct Presets
    {
        std::vector<PresetEdit> edits;
        std::vector<PresetEdit> back;
        std::function<void(const std::vector<PresetEdit>&)> apply;
    };
    /// The form is `after` already. @param key steps of one key that follow each other are one;
    /// empty: this one stays by itself; kFollows: belongs to the step before, whatever that was
    FormCommand(const QString& text, QString key, FormState before, FormState after,
                Restore restore, Presets presets = {});
    [[nodiscard]] int id() const override { return 1; } // all may merge
    bool mergeWith(const QUndoCommand* next) override;
    void redo() override;
    void undo() override;

private:
    QString m_key;
    FormState m_before;
    FormState m_after;
    Restore m_restore;
    Presets m_presets;
    bool m_isDone = true; ///< the form shows `after`
};

} // namespace clwb::ui
