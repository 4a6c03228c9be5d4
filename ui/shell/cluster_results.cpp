// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/cluster_results.h"

#include "core/run/import_source.h"
#include "core/store/sweeps.h"
#include "ui/bridge/qt_text.h"
#include "ui/shell/app_state.h"
#include "ui/shell/sweep_orders.h"

#include <algorithm>
#include <memory>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

namespace fs = std::filesystem;

struct ClusterReport
{
    size_t found = 0;    ///< projects of trials
    size_t imported = 0; ///< runs
    size_t linked = 0;   ///< trials that have their run now
    QStringList problems;
};

std::vector<fs::path> trialProjectsIn(const fs::path& folder)
{
    std::vector<fs::path> projects;
    std::error_code problem;
    for (fs::directory_iterator entry(folder, problem), end; !problem && entry != end;
         entry.increment(problem)) {
        const fs::path project = entry->path() / "trial.db";
        std::error_code ignored;
        if (entry->path().filename().string().starts_with("trial-") &&
            fs::is_regular_file(project, ignored))
            projects.push_back(project);
    }
    std::sort(projects.begin(), projects.end());
    return projects;
}

/// Trials for which the project has a finished run now, as continuing the sweep would find them.
Result<size_t> linkTrials(const store::Project& project, const fs::path& file, int64_t sweepId)
{
    CLWB_ASSIGN(const auto rows, store::sweeps(project));
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [&](const auto& known) { return known.sweepId == sweepId; });
    if (row == rows.end())
        return size_t{0};
    CLWB_ASSIGN(const auto trials, store::trialsOf(project, sweepId));
    CLWB_ASSIGN(SweepOrder order, storedSweep(*row, trials));
    run::SweepSetting setting;
    setting.project = file;
    CLWB_ASSIGN(run::SweepRunner runner,
                run::SweepRunner::create(setting, std::move(order.definition)));
    CLWB_ASSIGN(const auto plan, runner.plan());
    std::vector<int> numbers;
    for (const run::PlannedTrial& planned : plan) {
        if (planned.action == run::TrialAction::Reuse)
            numbers.push_back(planned.what.trial.number);
    }
    if (!numbers.empty())
        CLWB_TRY(runner.run(numbers, {})); // trains nothing: their runs are finished
    return numbers.size();
}

Result<void> importTrials(store::Project& project, const fs::path& folder, ClusterReport& report)
{
    const std::vector<fs::path> projects = trialProjectsIn(folder);
    report.found = projects.size();
    if (projects.empty())
        return fail(ErrorCode::Data, "no results are in " + folder.string(),
                    "Each job writes trial-N/trial.db there, at the latest when it ends.");
    for (const fs::path& file : projects) {
        const auto imported = run::importSource(project, file);
        if (imported)
            report.imported += imported->imported.size();
        else if (imported.error().code == ErrorCode::DiskFull)
            return Failure(imported.error());
        else
            report.problems << errorText(imported.error());
    }
    return {};
}

QString detailsOf(const ClusterReport& report)
{
    constexpr qsizetype kMostNamed = 5;
    QStringList lines{countedText(static_cast<int64_t>(report.found),
                                  AppState::tr("%1 job has left results"),
                                  AppState::tr("%1 jobs have left results")) +
                      u"; "_s +
                      countedText(static_cast<int64_t>(report.linked),
                                  AppState::tr("%1 trial of the sweep is newly done."),
                                  AppState::tr("%1 trials of the sweep are newly done."))};
    lines += report.problems.mid(0, kMostNamed);
    if (report.problems.size() > kMostNamed)
        lines << AppState::tr("… and %1 more").arg(report.problems.size() - kMostNamed);
    return lines.join(u'\n');
}

} // namespace

void importClusterResults(AppState& state, int64_t sweepId, const QString& folder)
{
    auto report = std::make_shared<ClusterReport>();
    const fs::path file = toPath(state.projectFile());
    state.apply(
        AppState::tr("import from %1").arg(folder),
        [folder, file, sweepId, report](store::Project& project) -> Result<void> {
            CLWB_TRY(importTrials(project, toPath(folder), *report));
            CLWB_ASSIGN(report->linked, linkTrials(project, file, sweepId));
            return {};
        },
        [&state, report] {
            const QString came = countedText(static_cast<int64_t>(report->imported),
                                             AppState::tr("%1 run came from the cluster"),
                                             AppState::tr("%1 runs came from the cluster"));
            if (report->problems.isEmpty())
                state.reportDone(came, detailsOf(*report));
            else
                state.reportProblem(came + u" – "_s + AppState::tr("not all could be read"),
                                    detailsOf(*report));
        });
}

} // namespace clwb::ui
