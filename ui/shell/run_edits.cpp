// SPDX-License-Identifier: GPL-3.0-or-later
// Each edit as a change and its way back.
#include "ui/shell/run_edits.h"

#include "ui/bridge/qt_text.h"
#include "ui/models/run_details.h"
#include "ui/shell/app_state.h"

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;
using store::Project;

namespace
{

/// Tells of an edit that takes runs out of sight, with a way back for as long as it is the last
/// one.
std::function<void()> tellWithUndo(AppState& state, const QString& text)
{
    return [&state, text, edit = state.undoStack().index() + 1] {
        QUndoStack& stack = state.undoStack();
        const auto isLast = [&stack, edit] { return stack.index() == edit; };
        if (!isLast()) // edited further meanwhile
            return;
        state.reportDone(text, {}, {AppState::tr("Undo"), [&stack, isLast] {
                                        if (isLast())
                                            stack.undo();
                                    }});
        QObject::connect(
            &stack, &QUndoStack::indexChanged, &state, [&state, text] { state.reportSolved(text); },
            Qt::SingleShotConnection);
    };
}

} // namespace

void renameRun(AppState& state, const store::RunRow& run, const QString& name)
{
    const auto change = [id = run.runId](std::string text) {
        return [id, text = std::move(text)](Project& project) { return project.rename(id, text); };
    };
    state.pushEdit(AppState::tr("Rename Run"), change(fromQt(name)), change(run.name));
}

void setTags(AppState& state, const store::RunRow& run, const QString& text)
{
    std::vector<std::string> tags;
    for (const QString& part : text.split(u',')) {
        std::string tag = fromQt(part.simplified());
        if (!tag.empty() && std::find(tags.begin(), tags.end(), tag) == tags.end())
            tags.push_back(std::move(tag));
    }
    if (isArchived(run) && std::find(tags.begin(), tags.end(), kArchivedTag) == tags.end())
        tags.emplace_back(kArchivedTag); // not shown, not lost
    if (tags == run.tags)
        return;
    const auto change = [id = run.runId](std::vector<std::string> values) {
        return [id, values = std::move(values)](Project& project) {
            return project.setTags(id, values);
        };
    };
    state.pushEdit(AppState::tr("Change Tags"), change(std::move(tags)), change(run.tags));
}

void setNotes(AppState& state, const store::RunRow& run, const QString& text)
{
    const auto change = [id = run.runId](std::string notes) {
        return [id, notes = std::move(notes)](Project& project) {
            return project.setNotes(id, notes);
        };
    };
    state.pushEdit(AppState::tr("Change Notes"), change(fromQt(text)), change(run.notes));
}

void setStarred(AppState& state, const store::RunRow& run, bool isStarred)
{
    const auto change = [id = run.runId](bool value) {
        return [id, value](Project& project) { return project.setStarred(id, value); };
    };
    state.pushEdit(isStarred ? AppState::tr("Star Run") : AppState::tr("Unstar Run"),
                   change(isStarred), change(!isStarred));
}

void setArchived(AppState& state, const std::vector<int64_t>& runs, bool isArchived)
{
    using Tags = std::vector<std::pair<int64_t, std::vector<std::string>>>;
    Tags before;
    Tags after;
    for (const int64_t id : runs) {
        const store::RunRow* run = state.findRun(id);
        if (!run || ui::isArchived(*run) == isArchived)
            continue;
        before.emplace_back(id, run->tags);
        after.emplace_back(id, ownTags(*run));
        if (isArchived)
            after.back().second.emplace_back(kArchivedTag);
    }
    if (before.empty())
        return;
    const auto change = [](const Tags& tags) {
        return [tags](Project& project) -> Result<void> {
            for (const auto& [id, values] : tags)
                CLWB_TRY(project.setTags(id, values));
            return {};
        };
    };
    const auto count = static_cast<int64_t>(before.size());
    state.pushEdit(
        isArchived
            ? countedText(count, AppState::tr("Archive %1 Run"), AppState::tr("Archive %1 Runs"))
            : countedText(count, AppState::tr("Restore %1 Run"), AppState::tr("Restore %1 Runs")),
        change(after), change(before),
        isArchived ? tellWithUndo(state, countedText(count, AppState::tr("%1 run archived"),
                                                     AppState::tr("%1 runs archived")))
                   : std::function<void()>());
}

void moveToTrash(AppState& state, const std::vector<int64_t>& runs)
{
    const auto forAll = [runs](Result<void> (Project::*move)(int64_t)) {
        return [runs, move](Project& project) -> Result<void> {
            for (const int64_t run : runs)
                CLWB_TRY((project.*move)(run));
            return {};
        };
    };
    const auto count = static_cast<int64_t>(runs.size());
    state.pushEdit(countedText(count, AppState::tr("Move %1 Run to Trash"),
                               AppState::tr("Move %1 Runs to Trash")),
                   forAll(&Project::moveToTrash), forAll(&Project::restoreFromTrash),
                   tellWithUndo(state, countedText(count, AppState::tr("%1 run moved to the trash"),
                                                   AppState::tr("%1 runs moved to the trash"))));
}

} // namespace clwb::ui
