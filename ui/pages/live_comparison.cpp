// SPDX-License-Identifier: GPL-3.0-or-later
// Runs drawn beside the live one: pinned by the user, or else the newest of another method.
#include "ui/bridge/qt_text.h"
#include "ui/models/run_name.h"
#include "ui/pages/live_page.h"
#include "ui/shell/app_state.h"

#include <QMenu>
#include <QToolButton>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct ComparedRun
{
    StoredRun stored;
    RunPlaces places;
};

Result<ComparedRun> readComparedRun(store::Project& project, int64_t id)
{
    ComparedRun run;
    CLWB_ASSIGN(run.stored, readStoredRun(project, id, StoredParts::Curves));
    CLWB_ASSIGN(run.places, readRunPlaces(project, id));
    return run;
}

} // namespace

std::optional<int64_t> LivePage::automaticComparison() const
{
    const LiveRun& run = shown();
    // Fine-tuning is what every method is measured against.
    const auto rank = [&](const store::RunRow& row) {
        return (row.method == "ft"       ? 4
                : row.method == "vr-lwf" ? 2
                                         : 0) +
               (toQt(row.option) == run.option ? 1 : 0);
    };
    const store::RunRow* best = nullptr;
    for (const store::RunRow& row : state().runs()) {
        if (row.kind != "method" || row.isPathPoint() || row.status != "finished" ||
            row.runId == run.runId || toQt(row.study) != run.study ||
            toQt(row.setting) != run.setting || toQt(row.method) == run.method ||
            state().looks().isHidden(row.runId))
            continue;
        if (!best || rank(row) > rank(*best) ||
            (rank(row) == rank(*best) && row.runId > best->runId))
            best = &row;
    }
    return best ? std::optional<int64_t>(best->runId) : std::nullopt;
}

std::vector<int64_t> LivePage::comparisonRuns() const
{
    std::vector<int64_t> runs;
    bool isAnyPinned = false;
    for (const int64_t id : state().pinned()) {
        isAnyPinned |= shown().runId != id;
        if (shown().runId != id && !state().looks().isHidden(id))
            runs.push_back(id);
    }
    if (!isAnyPinned) {
        if (const auto automatic = automaticComparison())
            runs.push_back(*automatic);
    }
    return runs;
}

void LivePage::loadComparisons()
{
    if (!state().hasProject())
        return;
    const std::vector<int64_t> wanted = comparisonRuns();
    std::erase_if(m_comparisons, [&](const auto& entry) {
        return std::find(wanted.begin(), wanted.end(), entry.first) == wanted.end();
    });
    for (const int64_t id : wanted) {
        if (m_comparisons.contains(id))
            continue;
        ++m_loading;
        state().reader()->ask(
            this, [id](store::Project& project) { return readComparedRun(project, id); },
            [this, id](Result<ComparedRun> read) {
                --m_loading;
                const std::vector<int64_t> still = comparisonRuns();
                if (!read || std::find(still.begin(), still.end(), id) == still.end())
                    return;
                m_comparisons[id] = liveRunOf(read->stored);
                m_places[id] = std::move(read->places);
                scheduleUpdate({.metrics = true});
            });
    }
    scheduleUpdate({.metrics = true});
}

void LivePage::fillCompareMenu()
{
    QMenu* menu = m_compare->menu();
    menu->clear();
    std::vector<const store::RunRow*> rows;
    for (const store::RunRow& row : state().runs()) {
        if (row.kind == "method" && row.status != "reported" && row.lastSession > 0 &&
            toQt(row.study) == shown().study && row.runId != shown().runId)
            rows.push_back(&row);
    }
    std::sort(rows.begin(), rows.end(),
              [](const auto* a, const auto* b) { return a->runId > b->runId; });
    constexpr size_t kMost = 20;
    for (size_t at = 0; at < std::min(kMost, rows.size()); ++at) {
        const store::RunRow& row = *rows[at];
        QAction* action = menu->addAction(runTitle(row));
        action->setCheckable(true);
        action->setChecked(m_comparisons.contains(row.runId));
        connect(action, &QAction::triggered, this,
                [this, id = row.runId](bool on) { state().setPinned(id, on); });
    }
    if (menu->isEmpty())
        menu->addAction(tr("No other runs of this study"))->setEnabled(false);
}

} // namespace clwb::ui
